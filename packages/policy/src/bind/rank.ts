/** Rules compete by how exactly they name their object; what is left of this is how much they say within that. */
export const exactness = { dir: 0, pattern: 1, execname: 2, path: 3 } as const;

const maxDetail = 8191;

/** The rank of a match: a source counts most, then exactness, then detail (depth, length of a literal prefix). */
export function rankOf(hasSource: boolean, exact: number, detail: number): number {
  return ((hasSource ? 8 : 0) + exact) * (maxDetail + 1) + Math.min(detail, maxDetail);
}
