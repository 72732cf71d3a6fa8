import type { CharacterSet, Syntax } from './syntax.js';

/** One state: the characters it takes and where they lead, or where it goes without one. */
export type State =
  | { readonly kind: 'take'; readonly set: CharacterSet; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'accept' };

/** A nondeterministic automaton; its states are known by their index. */
export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** Builds Thompson's automaton of a syntax tree, from its end to its beginning. */
export function buildAutomaton(syntax: Syntax): Automaton {
  const states: State[] = [{ kind: 'accept' }];
  const add = (state: State): number => states.push(state) - 1;

  const build = (node: Syntax, next: number): number => {
    switch (node.kind) {
      case 'set':
        return add({ kind: 'take', set: node.set, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case 'choice':
        return add({ kind: 'fork', next: node.options.map((option) => build(option, next)) });
      case 'repeat':
        return buildRepeat(node, next);
    }
  };

  const buildRepeat = (node: Extract<Syntax, { kind: 'repeat' }>, next: number): number => {
    if (node.isOnce) return add({ kind: 'fork', next: [build(node.part, next), next] });
    const branches = [next];
    const loop = add({ kind: 'fork', next: branches });
    const body = build(node.part, loop);
    branches.push(body);
    return node.minimum === 0 ? loop : body;
  };

  const start = build(syntax, 0);
  return { states, start };
}

/** Whether a set has a character. */
export function hasCharacter({ ranges, isNegated }: CharacterSet, code: number): boolean {
  return ranges.some(([from, to]) => from <= code && code <= to) !== isNegated;
}
