/** Encodes words for the actor's line protocol. */
export function encodeWords(words: readonly string[]): string {
  return words.map(encodeWord).join(' ');
}

/** Decodes one line of it. */
export function decodeWords(line: string): readonly string[] {
  return line.split(' ').map((word) => (word === '%' ? '' : decodeWord(word)));
}

function encodeWord(word: string): string {
  if (word === '') return '%';
  return [...Buffer.from(word)].map(encodeByte).join('');
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9/._:-]/.test(character)) return character;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function decodeWord(word: string): string {
  const bytes = word.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
