import type { CaseResult } from './case-result.js';

/** The head of a report in the Test Anything Protocol. */
export function tapHead(count: number): string {
  return `TAP version 14\n1..${count}\n`;
}

/** The lines of one case. */
export function tapCase({ name, where, isAsExpected, expected, got }: CaseResult, number: number): string {
  const title = `${isAsExpected ? 'ok' : 'not ok'} ${number} - ${name.replaceAll('#', '\\#')}\n`;
  if (isAsExpected) return title;
  const lines = [`at: ${where}`, `expected: ${JSON.stringify(expected)}`, `got: ${JSON.stringify(got)}`];
  return `${title}  ---\n${lines.map((line) => `  ${line}\n`).join('')}  ...\n`;
}
