import { codePointAt } from '../text/code-point.js';
import type { Automaton } from './automaton.js';
import { buildAutomaton, hasCharacter } from './automaton.js';
import type { Syntax } from './syntax.js';

/** Sets of states that are kept before all are forgotten: memory stays bounded whatever is matched. */
const maxSteps = 512;

const asciiSize = 128;

const noSteps: readonly (Step | undefined)[] = Array.from({ length: asciiSize });

/** A set of states, and where each character seen so far leads from it. */
interface Step {
  readonly members: readonly number[];
  readonly isAccepting: boolean;
  /** For ASCII, by code: paths are little else, and every open is matched. */
  readonly ascii: (Step | undefined)[];
  readonly others: Map<number, Step>;
}

/**
 * Matches whole texts in time linear in their length, whatever the pattern: the automaton is followed
 * in all its branches at once, and what was worked out is remembered. Nothing backtracks.
 */
export class Matcher {
  readonly #automaton: Automaton;
  readonly #steps = new Map<string, Step>();
  readonly #start: Step;
  #size = 0;

  constructor(syntax: Syntax) {
    this.#automaton = buildAutomaton(syntax);
    this.#start = this.#step([this.#automaton.start]);
  }

  /** Whether the text from `from` on matches. */
  matches(text: string, from = 0): boolean {
    let step = this.#start;
    for (let index = from; index < text.length; index += 1) {
      const code = codePointAt(text, index);
      if (code > 0xffff) index += 1;
      step = (code < asciiSize ? step.ascii[code] : step.others.get(code)) ?? this.#advance(step, code);
      if (step.members.length === 0) return false;
    }
    return step.isAccepting;
  }

  #advance(step: Step, code: number): Step {
    if (this.#size >= maxSteps) this.#forget();
    const reached: number[] = [];
    for (const member of step.members) {
      const state = this.#automaton.states[member];
      if (state?.kind === 'take' && hasCharacter(state.set, code)) reached.push(state.next);
    }
    const next = this.#step(reached);
    if (code < asciiSize) step.ascii[code] = next;
    else step.others.set(code, next);
    this.#size += 1;
    return next;
  }

  #forget(): void {
    for (const { ascii, others } of this.#steps.values()) {
      ascii.fill(undefined);
      others.clear();
    }
    this.#steps.clear();
    this.#steps.set(this.#start.members.join(' '), this.#start);
    this.#size = 0;
  }

  #step(states: readonly number[]): Step {
    const members = this.#closure(states);
    const key = members.join(' ');
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const step: Step = {
      members,
      isAccepting: members.includes(0),
      ascii: noSteps.slice(),
      others: new Map(),
    };
    this.#steps.set(key, step);
    return step;
  }

  /** All that can be reached without a character. */
  #closure(states: readonly number[]): readonly number[] {
    const seen = new Set(states);
    for (const member of seen) {
      const state = this.#automaton.states[member];
      if (state?.kind === 'fork') for (const next of state.next) seen.add(next);
    }
    return [...seen].sort((a, b) => a - b);
  }
}
