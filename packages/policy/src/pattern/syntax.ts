/** A set of characters by code point: inclusive ranges, or all but those. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly isNegated: boolean;
}

/** What globs and regular expressions are both parsed to. */
export type Syntax =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly options: readonly Syntax[] }
  | { readonly kind: 'repeat'; readonly part: Syntax; readonly minimum: 0 | 1; readonly isOnce: boolean };

/** Exactly one character. */
export function character(code: number): Syntax {
  return { kind: 'set', set: { ranges: [[code, code]], isNegated: false } };
}

/** Any character but a slash. */
export const notSlash: Syntax = { kind: 'set', set: { ranges: [[0x2f, 0x2f]], isNegated: true } };

/** Any character. */
export const anything: Syntax = { kind: 'set', set: { ranges: [], isNegated: true } };

/** As many as there are. */
export function star(part: Syntax): Syntax {
  return { kind: 'repeat', part, minimum: 0, isOnce: false };
}

/** Nothing. */
export const empty: Syntax = { kind: 'sequence', parts: [] };
