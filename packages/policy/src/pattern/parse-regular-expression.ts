import { codePointAt } from '../text/code-point.js';
import type { CharacterSet, Syntax } from './syntax.js';
import { anything, character, empty } from './syntax.js';

const maxLength = 1024;
const maxNesting = 32;
const maxRepeat = 255;
/** Characters and sets after all repetitions are written out. */
const maxParts = 10_000;

/**
 * Parses a POSIX extended regular expression that must match the whole of a text, so that `^` at its beginning and `$` at
 * its end say nothing. Nothing comes of one that is malformed or has anchors elsewhere.
 */
export function parseRegularExpression(text: string): Syntax | undefined {
  if (text.length > maxLength) return undefined;
  const parser = new Parser(Array.from(text.replace(/^\^/, '').replace(/(^|[^\\])\$$/, '$1')));
  const syntax = parser.parseChoice(0);
  return parser.isDone ? syntax : undefined;
}

class Parser {
  readonly #characters: readonly string[];
  #index = 0;
  #parts = 0;
  #failed = false;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  get isDone(): boolean {
    return !this.#failed && this.#index === this.#characters.length;
  }

  parseChoice(nesting: number): Syntax {
    if (nesting > maxNesting) return this.#fail();
    const options = [this.#parseSequence(nesting)];
    while (this.#skip('|')) options.push(this.#parseSequence(nesting));
    return { kind: 'choice', options };
  }

  #parseSequence(nesting: number): Syntax {
    const parts: Syntax[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const before = this.#parts;
      const atom = this.#parseAtom(nesting);
      parts.push(this.#parseRepeats(atom, before));
    }
    return { kind: 'sequence', parts };
  }

  #parseAtom(nesting: number): Syntax {
    this.#parts += 1;
    const first = this.#take();
    switch (first) {
      case '.':
        return anything;
      case '[':
        return this.#parseSet();
      case '(':
        return this.#parseGroup(nesting + 1);
      case '\\':
        return this.#parseEscape();
      case '*':
      case '+':
      case '?':
      case '{':
      case '^':
      case '$':
        return this.#fail();
      default:
        return character(codePointAt(first));
    }
  }

  #parseGroup(nesting: number): Syntax {
    if (this.#skip('?') && !this.#skip(':')) return this.#fail();
    const inside = this.parseChoice(nesting);
    return this.#skip(')') ? inside : this.#fail();
  }

  #parseEscape(): Syntax {
    const name = this.#take();
    if (name === '') return this.#fail();
    const set = classes.get(name);
    if (set !== undefined) return { kind: 'set', set };
    return /[A-Za-z0-9]/.test(name) ? this.#fail() : character(codePointAt(name));
  }

  #parseSet(): Syntax {
    const isNegated = this.#skip('^');
    const ranges: (readonly [number, number])[] = [];
    do {
      ranges.push(...this.#parseSetItem());
      this.#parts += 1;
    } while (!this.#failed && this.#peek() !== ']');
    this.#index += 1;
    return { kind: 'set', set: { ranges, isNegated } };
  }

  #parseSetItem(): CharacterSet['ranges'] {
    const named = /^\[:([a-z]+):\]/.exec(this.#characters.slice(this.#index, this.#index + 12).join(''));
    if (named !== null) {
      this.#index += named[0].length;
      return classes.get(named[0])?.ranges ?? this.#noRanges();
    }
    const from = this.#setCharacter();
    const after = this.#characters[this.#index + 1];
    if (this.#peek() !== '-' || after === ']' || after === undefined) return [[from, from]];
    this.#index += 1;
    const to = this.#setCharacter();
    return from <= to ? [[from, to]] : this.#noRanges();
  }

  #setCharacter(): number {
    const next = this.#take();
    const taken = next === '\\' ? this.#take() : next;
    if (taken === '') this.#fail();
    return codePointAt(taken);
  }

  #parseRepeats(atom: Syntax, before: number): Syntax {
    let part = atom;
    for (;;) {
      if (this.#skip('*')) part = { kind: 'repeat', part, minimum: 0, isOnce: false };
      else if (this.#skip('+')) part = { kind: 'repeat', part, minimum: 1, isOnce: false };
      else if (this.#skip('?')) part = { kind: 'repeat', part, minimum: 0, isOnce: true };
      else if (this.#skip('{')) part = this.#parseBounds(part, this.#parts - before);
      else return part;
    }
  }

  #parseBounds(part: Syntax, size: number): Syntax {
    const end = this.#characters.indexOf('}', this.#index);
    const bounds = /^(\d{1,3})(,?)(\d{0,3})$/.exec(this.#characters.slice(this.#index, end).join(''));
    if (end < 0 || bounds === null) return this.#fail();
    this.#index = end + 1;
    const [, least, comma, most] = bounds;
    const minimum = Number(least);
    const maximum = comma === '' ? minimum : most === '' ? undefined : Number(most);
    const copies = maximum ?? minimum;
    this.#parts += size * copies;
    if (copies > maxRepeat || this.#parts > maxParts || minimum > copies) return this.#fail();
    const parts = Array.from({ length: copies }, (_, index): Syntax =>
      index < minimum ? part : { kind: 'repeat', part, minimum: 0, isOnce: true },
    );
    if (maximum === undefined) parts.push({ kind: 'repeat', part, minimum: 0, isOnce: false });
    return { kind: 'sequence', parts };
  }

  #peek(): string | undefined {
    return this.#characters[this.#index];
  }

  #take(): string {
    const next = this.#peek() ?? '';
    this.#index += 1;
    return next;
  }

  #skip(wanted: string): boolean {
    const isThere = this.#peek() === wanted;
    if (isThere) this.#index += 1;
    return isThere;
  }

  #noRanges(): CharacterSet['ranges'] {
    this.#fail();
    return [];
  }

  #fail(): Syntax {
    this.#failed = true;
    this.#index = this.#characters.length;
    return empty;
  }
}

const digit: CharacterSet['ranges'] = [[0x30, 0x39]];
const upper: CharacterSet['ranges'] = [[0x41, 0x5a]];
const lower: CharacterSet['ranges'] = [[0x61, 0x7a]];
const underscore: CharacterSet['ranges'] = [[0x5f, 0x5f]];
const blank: CharacterSet['ranges'] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];

const classes: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', { ranges: digit, isNegated: false }],
  ['D', { ranges: digit, isNegated: true }],
  ['w', { ranges: [...digit, ...upper, ...lower, ...underscore], isNegated: false }],
  ['W', { ranges: [...digit, ...upper, ...lower, ...underscore], isNegated: true }],
  ['s', { ranges: blank, isNegated: false }],
  ['S', { ranges: blank, isNegated: true }],
  ['[:digit:]', { ranges: digit, isNegated: false }],
  ['[:upper:]', { ranges: upper, isNegated: false }],
  ['[:lower:]', { ranges: lower, isNegated: false }],
  ['[:alpha:]', { ranges: [...upper, ...lower], isNegated: false }],
  ['[:alnum:]', { ranges: [...digit, ...upper, ...lower], isNegated: false }],
  ['[:space:]', { ranges: blank, isNegated: false }],
]);
