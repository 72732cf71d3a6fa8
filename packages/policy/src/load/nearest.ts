const maxCompared = 64;

/** The known name that is nearest to what was written. */
export function nearest(written: string, known: readonly string[]): string {
  const distances = known.map((name) =>
    distance(written.slice(0, maxCompared).toLowerCase(), name.toLowerCase()),
  );
  return known[distances.indexOf(Math.min(...distances))] ?? '';
}

/** Levenshtein's distance, one row at a time. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, wanted] of Array.from(from).entries()) {
    let left = above + 1;
    let diagonal = above;
    const next = [left];
    for (const [index, over] of row.slice(1).entries()) {
      left = Math.min(left + 1, over + 1, diagonal + (to[index] === wanted ? 0 : 1));
      diagonal = over;
      next.push(left);
    }
    row = next;
  }
  return Number(row.at(-1));
}
