import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundPolicy } from '../testing/bound-policy.js';
import { patternAutomaton, type PatternAutomaton } from './pattern-automaton.js';

/** The patterns in which a path ends. */
function accepted({ classes, width, next, accepts }: PatternAutomaton, path: Uint8Array): readonly number[] {
  let state = 0;
  for (const byte of path) state = next[state * width + (classes[byte] ?? 0)] ?? 0;
  return accepts[state] ?? [];
}

const glob = fc
  .array(
    fc.constantFrom('a', 'é', '日', '😀', '*', '**', '?', '[!a]', '[a-é]', '[日-😀]', '{a,é}', '/', '\ufffd'),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => `/${parts.join('')}`);

/** Text, and bytes that are none: beginnings of characters, ends of others, what no character begins with. */
const pieces = ['a', '/', 'é', '日', '😀', '\ufffd'].map((text) => Buffer.from(text));
const broken = [
  [0xc3],
  [0xe6, 0x97],
  [0xf0, 0x9f, 0x98],
  [0x80],
  [0xff],
  [0xed, 0xa0, 0x80],
  [0xe0, 0x80],
  [0xc0],
  [0xf4, 0x90],
];
const path = fc
  .array(fc.constantFrom(...pieces, ...broken.map((bytes) => Buffer.from(bytes))), { maxLength: 8 })
  .map((parts) => Buffer.concat([Buffer.from('/'), ...parts]));

describe('patternAutomaton', () => {
  it('matches bytes as the policy matches the text that they are read as', () => {
    fc.assert(
      fc.property(
        fc.array(glob, { minLength: 1, maxLength: 4 }),
        fc.array(path, { minLength: 4 }),
        (globs, paths) => {
          const rules = globs.map((pattern) => ({ pattern }));
          const { file } = boundPolicy([{ file: { matchPatterns: rules }, action: 'Block' }]);
          const { patterns } = file.tables();
          const automaton = patternAutomaton(patterns);
          for (const each of paths) {
            const expected: number[] = [];
            file.offer(each.toString('utf8'), { enter: ({ order }) => expected.push(order) });
            const found = automaton && accepted(automaton, each).map((at) => patterns[at]?.bound.order);
            expect(found).toEqual(expected);
          }
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });

  it('has no more states than it needs where characters of several bytes make no difference', () => {
    const { file } = boundPolicy([{ file: { matchPatterns: [{ pattern: '/etc/**' }] }, action: 'Block' }]);
    const automaton = patternAutomaton(file.tables().patterns);
    expect(automaton?.accepts.length).toBeLessThan(10);
  });

  it('gives up where the automaton grows too large', () => {
    const rules = Array.from({ length: 14 }, (_, at) => ({ pattern: `/x/**/a${at}/**/b${at}/*` }));
    const { file } = boundPolicy([{ file: { matchPatterns: rules }, action: 'Block' }]);
    expect(patternAutomaton(file.tables().patterns)).toBeUndefined();
  });
});
