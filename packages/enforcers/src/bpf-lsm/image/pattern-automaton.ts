import {
  buildAutomaton,
  character,
  hasCharacter,
  type PatternCandidate,
  type State,
} from '@kubearmor/policy';
import { LIMITS } from '../layout.js';
import { beginCharacter, continueCharacter, REPLACEMENT, type Partial } from './byte-decoder.js';

/** Patterns as one deterministic automaton over bytes; its states are known by their index. */
export interface PatternAutomaton {
  /** Class of each byte. */
  readonly classes: Uint8Array;
  /** How many classes there are: transitions of a state. */
  readonly width: number;
  /** By state and class. */
  readonly next: Uint16Array;
  /** By state, the patterns that end there. */
  readonly accepts: readonly (readonly number[])[];
}

/** Builds the automaton of some patterns; undefined where it has more transitions than fit the kernel's tables. */
export function patternAutomaton(patterns: readonly PatternCandidate[]): PatternAutomaton | undefined {
  const builder = new Builder(patterns);
  const rows = builder.rows();
  if (rows === undefined) return undefined;
  const { classes, columns } = byteClasses(rows);
  if (rows.length * columns.length > LIMITS.transitions) return undefined;
  const next = new Uint16Array(rows.length * columns.length);
  rows.forEach((row, state) => {
    columns.forEach((byte, column) => {
      next[state * columns.length + column] = row[byte] ?? 0;
    });
  });
  return { classes, width: columns.length, next, accepts: builder.accepts };
}

/** An automaton with more states is not worth building to its end: its transitions will hardly fit. */
const MAX_STATES = LIMITS.transitions / 8;

/**
 * A state of the automaton: between characters, or within one, where bytes are missing. What the rest of it does not
 * change is not told apart: otherwise there would be a state for every beginning of a character.
 */
type Place =
  | { readonly kind: 'between'; readonly set: CharacterState }
  | { readonly kind: 'within'; readonly set: CharacterState; readonly part: Partial }
  | {
      readonly kind: 'settled';
      /** What follows once all bytes are there. */
      readonly whole: CharacterState;
      /** What follows where they are not. */
      readonly broken: CharacterState;
      readonly missing: number;
      readonly low: number;
      readonly high: number;
    };

interface CharacterState {
  readonly index: number;
  readonly members: readonly number[];
  /** Where each class of characters leads. */
  readonly next: (CharacterState | undefined)[];
}

class Builder {
  readonly accepts: (readonly number[])[] = [];
  readonly #states: State[] = [];
  readonly #acceptOf = new Map<number, number>();
  readonly #characters: CharacterClasses;
  readonly #sets = new Map<string, CharacterState>();
  readonly #places: Place[] = [];
  readonly #indices = new Map<string, number>();
  readonly #start: CharacterState;
  /** Bytes that begin what no set tells apart. */
  readonly #alike: readonly (readonly number[])[];

  constructor(patterns: readonly PatternCandidate[]) {
    const starts = patterns.map(({ beginning, rest }, pattern) => {
      const letters = Array.from(beginning, (letter) => character(letter.codePointAt(0) ?? 0));
      const { states, start } = buildAutomaton({ kind: 'sequence', parts: [...letters, rest] });
      const offset = this.#states.length;
      this.#states.push(...states.map((state) => moved(state, offset)));
      this.#acceptOf.set(offset, pattern);
      return start + offset;
    });
    this.#characters = new CharacterClasses(this.#states);
    this.#start = this.#set(starts);
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    this.#alike = [...Map.groupBy(bytes, (byte) => this.#characters.beginning(byte)).values()];
  }

  /** For each state, where each byte leads. */
  rows(): readonly Uint16Array[] | undefined {
    const rows: Uint16Array[] = [];
    this.#placeOf({ kind: 'between', set: this.#start });
    for (let at = 0; at < this.#places.length; at++) {
      if (at >= MAX_STATES) return undefined;
      const place = this.#places[at];
      if (place === undefined) break;
      this.accepts.push(this.#acceptedAt(place));
      // Zero ends a path: it leaves a state as it is, so that the last word need not be looked at byte by byte.
      const row = this.#row(place);
      row[0] = at;
      rows.push(row);
    }
    return rows;
  }

  #row(place: Place): Uint16Array {
    const row = new Uint16Array(256);
    if (place.kind === 'within') {
      for (let byte = 1; byte < 256; byte++) row[byte] = this.#step(place, byte);
      return row;
    }
    const set = place.kind === 'between' ? place.set : place.broken;
    for (const bytes of this.#alike) {
      const target = this.#begin(set, bytes[0] ?? 0);
      for (const byte of bytes) row[byte] = target;
    }
    if (place.kind === 'settled') row.fill(this.#step(place, place.low), place.low, place.high + 1);
    return row;
  }

  #acceptedAt(place: Place): readonly number[] {
    const set = place.kind === 'between' ? place.set : this.#broken(place);
    return set.members.flatMap((member) => this.#acceptOf.get(member) ?? []);
  }

  /** Bytes that are no character, or a path that ends within one, are read as one that stands for them. */
  #broken(place: Exclude<Place, { readonly kind: 'between' }>): CharacterState {
    return place.kind === 'settled' ? place.broken : this.#advance(place.set, REPLACEMENT);
  }

  #step(place: Place, byte: number): number {
    if (place.kind === 'between') return this.#begin(place.set, byte);
    const { low, high, missing } = place.kind === 'settled' ? place : place.part;
    if (byte < low || byte > high) return this.#begin(this.#broken(place), byte);
    if (place.kind === 'settled') {
      return missing === 1
        ? this.#between(place.whole)
        : this.#placeOf({ ...place, missing: missing - 1, low: 0x80, high: 0xbf });
    }
    const more = continueCharacter(place.part, byte);
    return typeof more === 'number'
      ? this.#between(this.#advance(place.set, more))
      : this.#within(place.set, more);
  }

  #begin(set: CharacterState, byte: number): number {
    if (byte < 0x80) return this.#between(this.#advance(set, byte));
    const part = beginCharacter(byte);
    return part === undefined ? this.#between(this.#advance(set, REPLACEMENT)) : this.#within(set, part);
  }

  #between(set: CharacterState): number {
    return this.#placeOf({ kind: 'between', set });
  }

  #within(set: CharacterState, part: Partial): number {
    const whole = this.#onlyTarget(set, part.from, part.to);
    if (whole === undefined) return this.#placeOf({ kind: 'within', set, part });
    const broken = this.#advance(set, REPLACEMENT);
    // A state that stays where it is whatever characters follow need not wait for the end of this one.
    if (broken === whole && this.#onlyTarget(whole, 0x80, 0x10ffff) === whole) return this.#between(whole);
    const { missing, low, high } = part;
    return this.#placeOf({ kind: 'settled', whole, broken, missing, low, high });
  }

  #onlyTarget(set: CharacterState, from: number, to: number): CharacterState | undefined {
    const [first, ...others] = this.#characters
      .between(from, to)
      .map((each) => this.#advanceClass(set, each));
    return others.every((other) => other === first) ? first : undefined;
  }

  #placeOf(place: Place): number {
    const key = keyOf(place);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#places.push(place) - 1;
    this.#indices.set(key, index);
    return index;
  }

  #advance(set: CharacterState, code: number): CharacterState {
    return this.#advanceClass(set, this.#characters.of(code));
  }

  #advanceClass(set: CharacterState, each: number): CharacterState {
    const known = set.next[each];
    if (known !== undefined) return known;
    const reached: number[] = [];
    for (const member of set.members) {
      const state = this.#states[member];
      if (state?.kind === 'take' && hasCharacter(state.set, this.#characters.first(each)))
        reached.push(state.next);
    }
    const next = this.#set(reached);
    set.next[each] = next;
    return next;
  }

  #set(states: readonly number[]): CharacterState {
    const seen = new Set(states);
    for (const member of seen) {
      const state = this.#states[member];
      if (state?.kind === 'fork') for (const next of state.next) seen.add(next);
    }
    // Forks have been followed: what is left says all.
    const members = [...seen].filter((member) => this.#states[member]?.kind !== 'fork').sort((a, b) => a - b);
    const key = members.join(' ');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const set = { index: this.#sets.size, members, next: [] };
    this.#sets.set(key, set);
    return set;
  }
}

function keyOf(place: Place): string {
  switch (place.kind) {
    case 'between':
      return `${place.set.index}`;
    case 'within':
      return `within ${place.set.index} ${place.part.from} ${place.part.to} ${place.part.missing}`;
    case 'settled':
      return `${place.whole.index} ${place.broken.index} ${place.missing} ${place.low} ${place.high}`;
  }
}

function moved(state: State, by: number): State {
  switch (state.kind) {
    case 'take':
      return { ...state, next: state.next + by };
    case 'fork':
      return { kind: 'fork', next: state.next.map((each) => each + by) };
    case 'accept':
      return state;
  }
}

/** Characters that no set of the automaton tells apart. */
class CharacterClasses {
  /** Where each range of characters of one class begins. */
  readonly #begins: readonly number[];
  readonly #classes: readonly number[];
  readonly #firsts: number[] = [];

  constructor(states: readonly State[]) {
    const sets = states.flatMap((state) => (state.kind === 'take' ? [state.set] : []));
    const begins = new Set([0, 0x80]);
    for (const { ranges } of sets) for (const [from, to] of ranges) begins.add(from).add(to + 1);
    const distinct = [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()];
    this.#begins = [...begins].sort((a, b) => a - b);
    const known = new Map<string, number>();
    this.#classes = this.#begins.map((code) => {
      const signature = distinct.map((set) => (hasCharacter(set, code) ? '1' : '0')).join('');
      const found = known.get(signature) ?? this.#firsts.push(code) - 1;
      known.set(signature, found);
      return found;
    });
  }

  of(code: number): number {
    return this.#classes[this.#rangeOf(code)] ?? 0;
  }

  /** A character of a class. */
  first(each: number): number {
    return this.#firsts[each] ?? 0;
  }

  /** What a byte begins, as far as sets tell it apart. */
  beginning(byte: number): string {
    if (byte < 0x80) return `${this.of(byte)}`;
    const part = beginCharacter(byte);
    if (part === undefined) return 'none';
    const { from, to, missing, low, high } = part;
    const classes = this.between(from, to);
    return classes.length === 1 ? [...classes, missing, low, high].join(' ') : `byte ${byte}`;
  }

  /** The classes of all characters from one to another. */
  between(from: number, to: number): readonly number[] {
    return [...new Set(this.#classes.slice(this.#rangeOf(from), this.#rangeOf(to) + 1))];
  }

  #rangeOf(code: number): number {
    let [low, high] = [0, this.#begins.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#begins[middle] ?? 0) <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Bytes that lead to the same states everywhere are one class. */
function byteClasses(rows: readonly Uint16Array[]): {
  readonly classes: Uint8Array;
  /** A byte of each class. */
  readonly columns: readonly number[];
} {
  const classes = new Uint8Array(256);
  const columns: number[] = [];
  const known = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const key = rows.map((row) => row[byte] ?? 0).join(' ');
    const found = known.get(key) ?? columns.push(byte) - 1;
    known.set(key, found);
    classes[byte] = found;
  }
  return { classes, columns };
}
