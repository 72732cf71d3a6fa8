/** A group of rows whose first column is the same; it is written once. */
export interface TableGroup {
  readonly name: string;
  readonly values: readonly string[];
}

/** A table of two columns with borders and lines between the rows, as KubeArmor's client draws them. */
export function formatBorderedTable(
  [first, second]: readonly [string, string],
  groups: readonly TableGroup[],
): string {
  const widths = [
    Math.max(first.length, ...groups.map(({ name }) => name.length)),
    Math.max(second.length, ...groups.flatMap(({ values }) => values.map((value) => value.length))),
  ] as const;
  const border = `+${dashes(widths[0])}+${dashes(widths[1])}+\n`;
  const row = (left: string, right: string): string =>
    `| ${left.padEnd(widths[0])} | ${right.padEnd(widths[1])} |\n`;
  const inner = `+${' '.repeat(widths[0] + 2)}+${dashes(widths[1])}+\n`;
  const body = groups.map(({ name, values }) => {
    const rows = (values.length === 0 ? [''] : values).map((value, index) =>
      row(index === 0 ? name : '', value),
    );
    return rows.join(inner) + border;
  });
  return border + `| ${centre(first, widths[0])} | ${centre(second, widths[1])} |\n` + border + body.join('');
}

function dashes(width: number): string {
  return '-'.repeat(width + 2);
}

function centre(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return `${' '.repeat(left)}${text}`.padEnd(width);
}
