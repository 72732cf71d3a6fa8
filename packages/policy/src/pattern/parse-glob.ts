import { codePointAt } from '../text/code-point.js';
import type { CharacterSet, Syntax } from './syntax.js';
import { anything, character, notSlash, star } from './syntax.js';

/** A glob: the characters it begins with literally, and what follows them. */
export interface Glob {
  readonly literal: string;
  readonly rest: Syntax;
}

/** A parsed pattern, or what was expected of it. */
export type GlobResult = { readonly glob: Glob } | { readonly fault: string };

/** The longest pattern, in characters. */
const maxLength = 4096;

const maxNesting = 32;

/** Parses `*` and `?` (which stop at a slash), `**` (which does not), `[a-z]`, `[!a]`, `{a,b}` and `\` before any of them. */
export function parseGlob(pattern: string): GlobResult {
  if (pattern === '') return { fault: 'a pattern that is not empty' };
  if (pattern.length > maxLength) return { fault: `a pattern of at most ${maxLength} characters` };
  if (pattern.includes('\0')) return { fault: 'a pattern without NUL' };
  const literal = literalBeginning(pattern);
  const parser = new GlobParser(Array.from(pattern.slice(literal.length)));
  const rest = parser.parseSequence(0);
  if (parser.fault !== undefined) return { fault: parser.fault };
  return { glob: { literal, rest } };
}

/** Up to the first character that is not simply itself. */
function literalBeginning(pattern: string): string {
  const end = pattern.search(/[*?[{}\\]/);
  return end < 0 ? pattern : pattern.slice(0, end);
}

class GlobParser {
  readonly #characters: readonly string[];
  #index = 0;
  fault: string | undefined;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  /** Parses to the end, or inside braces to a comma or the closing one. */
  parseSequence(nesting: number): Syntax {
    const parts: Syntax[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (nesting > 0 && (next === ',' || next === '}')) break;
      this.#index += 1;
      parts.push(this.#parsePart(next, nesting));
    }
    return { kind: 'sequence', parts };
  }

  #parsePart(first: string, nesting: number): Syntax {
    switch (first) {
      case '*':
        return star(this.#takeAll('*') > 0 ? anything : notSlash);
      case '?':
        return notSlash;
      case '[':
        return this.#parseSet();
      case '{':
        return this.#parseChoice(nesting + 1);
      case '}':
        return this.#fail('a { before every }');
      case '\\':
        return this.#literal(this.#take() ?? this.#missing('a character after \\'));
      default:
        return this.#literal(first);
    }
  }

  #parseChoice(nesting: number): Syntax {
    if (nesting > maxNesting) return this.#fail(`braces nested at most ${maxNesting} deep`);
    const options = [this.parseSequence(nesting)];
    while (this.#takeAll(',', 1) > 0) options.push(this.parseSequence(nesting));
    if (this.#takeAll('}', 1) === 0) return this.#fail('a } after every {');
    return { kind: 'choice', options };
  }

  /** A set never matches a slash: it stands for one character of a name. */
  #parseSet(): Syntax {
    const isNegated = this.#peek() === '!' || this.#peek() === '^';
    if (isNegated) this.#index += 1;
    const ranges: [number, number][] = [];
    do {
      const from = this.#setCharacter();
      const to = this.#isRange() ? this.#setCharacter() : from;
      if (to < from) this.#fail('ranges from the lower character to the higher one');
      ranges.push([from, to]);
    } while (this.fault === undefined && this.#peek() !== ']');
    this.#index += 1;
    return { kind: 'set', set: withoutSlash({ ranges, isNegated }) };
  }

  #setCharacter(): number {
    const next = this.#take();
    const taken = next === '\\' ? this.#take() : next;
    return codePointAt(taken ?? this.#missing('a ] after every ['));
  }

  #isRange(): boolean {
    const after = this.#characters[this.#index + 1];
    const isRange = this.#peek() === '-' && after !== ']' && after !== undefined;
    if (isRange) this.#index += 1;
    return isRange;
  }

  #peek(): string | undefined {
    return this.#characters[this.#index];
  }

  #take(): string | undefined {
    const next = this.#peek();
    this.#index += 1;
    return next;
  }

  /** Skips a run of one character and says how long it was. */
  #takeAll(wanted: string, most = Infinity): number {
    let count = 0;
    while (count < most && this.#peek() === wanted) {
      this.#index += 1;
      count += 1;
    }
    return count;
  }

  #literal(text: string): Syntax {
    return character(codePointAt(text));
  }

  #missing(expected: string): string {
    this.#fail(expected);
    return '\0';
  }

  #fail(expected: string): Syntax {
    this.fault ??= expected;
    this.#index = this.#characters.length;
    return character(0);
  }
}

const slash = 0x2f;

function withoutSlash({ ranges, isNegated }: CharacterSet): CharacterSet {
  if (isNegated) return { ranges: [...ranges, [slash, slash]], isNegated };
  const split = ranges.flatMap(([from, to]): (readonly [number, number])[] =>
    from <= slash && slash <= to
      ? [
          [from, slash - 1],
          [slash + 1, to],
        ]
      : [[from, to]],
  );
  return { ranges: split, isNegated };
}
