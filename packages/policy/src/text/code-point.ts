/** The code point of the character at an index; NaN past the end. */
export function codePointAt(text: string, index = 0): number {
  return Number(text.codePointAt(index));
}
