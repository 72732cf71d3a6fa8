/** Escapes blanks as /proc/mounts does: who owns the text must not be able to add words to what it stands in. */
export function oneWord(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\\]/gu, (blank) => `\\${blank.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
