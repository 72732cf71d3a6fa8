import type { PatternCandidate } from '@kubearmor/policy';
import { FLAG, LIMITS, SIZES } from '../layout.js';
import type { EffectTable } from './effect-table.js';
import { tooLarge } from './image-error.js';
import { patternAutomaton, type PatternAutomaton } from './pattern-automaton.js';

/** The patterns of one kind: `struct match_patterns`, and what each state of the automata comes to. */
export interface PatternTables {
  readonly flags: number;
  readonly value?: Uint8Array;
  /** References by state, for both automata. */
  readonly accepts: readonly [readonly number[], readonly number[]];
}

const FLAGS = [FLAG.anchored, FLAG.floating] as const;

/**
 * Makes automata of patterns. Those that begin with a directory and those that may begin anywhere are kept apart:
 * together they would have a state for every pair.
 */
export function patternTables(
  patterns: readonly PatternCandidate[],
  table: EffectTable,
  generation: bigint,
): PatternTables {
  const parts = [patterns.filter((each) => isAnchored(each)), patterns.filter((each) => !isAnchored(each))];
  const automata = parts.map((part) => (part.length === 0 ? undefined : automatonOf(part)));
  const accepts = automata.map((automaton, which) => {
    const part = parts[which] ?? [];
    const refs = new Map<string, number>();
    return (automaton?.accepts ?? []).map((members) => {
      const key = members.join(' ');
      const known = refs.get(key);
      if (known !== undefined) return known;
      const ref = table.refOf(members.flatMap((member) => part[member] ?? []));
      refs.set(key, ref);
      return ref;
    });
  });
  const flags = automata.reduce(
    (all, each, which) => all | (each === undefined ? 0 : (FLAGS[which] ?? 0)),
    0,
  );
  const both = [accepts[0] ?? [], accepts[1] ?? []] as const;
  if (flags === 0) return { flags, accepts: both };
  return { flags, accepts: both, value: encode(automata, generation) };
}

function isAnchored({ beginning }: PatternCandidate): boolean {
  return beginning.length > 1;
}

function automatonOf(patterns: readonly PatternCandidate[]): PatternAutomaton {
  const automaton = patternAutomaton(patterns);
  if (automaton !== undefined) return automaton;
  throw tooLarge(
    `expected matchPatterns whose automaton has at most ${LIMITS.transitions} transitions, got ${patterns.length} patterns that need more`,
    mostRepeating(patterns)?.bound.rule.id,
  );
}

/** The pattern that multiplies states most: the one that repeats most. */
function mostRepeating(patterns: readonly PatternCandidate[]): PatternCandidate | undefined {
  const repeats = ({ bound }: PatternCandidate): number => {
    const { object } = bound.rule;
    return object.match === 'pattern' ? object.pattern.split('*').length : 0;
  };
  return patterns.toSorted((a, b) => repeats(b) - repeats(a))[0];
}

function encode(automata: readonly (PatternAutomaton | undefined)[], generation: bigint): Uint8Array {
  const bytes = new Uint8Array(SIZES.match_patterns);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, generation, true);
  automata.forEach((automaton, which) => {
    if (automaton === undefined) return;
    const { width, classes, next } = automaton;
    view.setUint32(16 + which * 4, width, true);
    bytes.set(classes, 24 + which * 256);
    const at = 24 + 512 + which * LIMITS.transitions * 2;
    next.forEach((state, transition) => {
      view.setUint16(at + transition * 2, state * width, true);
    });
  });
  return bytes;
}
