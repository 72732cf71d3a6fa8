import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { TestkitError } from '../errors.js';
import { Fields } from './fields.js';

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
}

/** A place in a YAML document: reads what is there, or says what was expected, what is there and where. */
export class Cursor {
  readonly #source: Source;
  readonly #node: unknown;
  /** In the document, as in `[3].cases[0].operation`. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;

  private constructor(source: Source, node: unknown, path: string, line: number) {
    this.#source = source;
    this.#node = node;
    this.path = path;
    this.line = line;
  }

  /** The root of a text that holds one document. */
  static open(text: string, file: string): Cursor {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0]);
      throw new TestkitError('CORPUS_INVALID', `${file}:${line}: expected well-formed YAML, got ${error.message}`);
    }
    return new Cursor({ file, lines }, document.contents, '', 1);
  }

  get file(): string {
    return this.#source.file;
  }

  /** A mapping with these keys and no others. */
  fields(known: readonly string[]): Fields<Cursor> {
    const entries = this.entries();
    for (const [name, value] of entries) {
      if (!known.includes(name)) value.fail(`one of the fields ${known.join(', ')}`, `the field ${name}`);
    }
    return new Fields(this, new Map(entries));
  }

  /** A mapping with keys of any name. */
  entries(): readonly (readonly [string, Cursor])[] {
    if (!isMap(this.#node)) return this.fail('a mapping');
    return this.#node.items.map((pair) => {
      const key = this.#at(pair.key, this.path).text();
      return [key, this.#at(pair.value, this.path === '' ? key : `${this.path}.${key}`)] as const;
    });
  }

  /** A list. */
  items(): readonly Cursor[] {
    if (!isSeq(this.#node)) return this.fail('a list');
    return this.#node.items.map((node, index) => this.#at(node, `${this.path}[${index}]`));
  }

  isText(): boolean {
    return typeof this.#scalar() === 'string';
  }

  text(): string {
    const value = this.#scalar();
    return typeof value === 'string' ? value : this.fail('a text');
  }

  integer(): number {
    const value = this.#scalar();
    return typeof value === 'number' && Number.isInteger(value) ? value : this.fail('an integer');
  }

  flag(): boolean {
    const value = this.#scalar();
    return typeof value === 'boolean' ? value : this.fail('true or false');
  }

  /** One of some words. */
  word<Word extends string>(words: readonly Word[]): Word {
    const value = this.#scalar();
    return words.find((word) => word === value) ?? this.fail(`one of ${words.join(', ')}`);
  }

  /** A text or an integer, as it stands. */
  textOrInteger(): string | number {
    const value = this.#scalar();
    return typeof value === 'number' && Number.isInteger(value) ? value : this.text();
  }

  /** Says that something else was expected here. */
  fail(expected: string, got: string = this.#describe()): never {
    const place = this.path === '' ? '' : `: ${this.path}`;
    const where = `${this.#source.file}:${this.line}${place}`;
    throw new TestkitError('CORPUS_INVALID', `${where}: expected ${expected}, got ${got}`);
  }

  #at(node: unknown, path: string): Cursor {
    const start = isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
    const line = start === undefined ? this.line : this.#source.lines.linePos(start).line;
    return new Cursor(this.#source, node, path, line);
  }

  #scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : undefined;
  }

  #describe(): string {
    if (isMap(this.#node)) return 'a mapping';
    if (isSeq(this.#node)) return 'a list';
    return isScalar(this.#node) ? JSON.stringify(this.#node.value) : 'nothing';
  }
}
