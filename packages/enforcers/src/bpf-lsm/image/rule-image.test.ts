import { describe, expect, it } from 'vitest';
import { SIZES } from '../layout.js';
import { boundPolicy, type BoundPolicyOptions } from '../testing/bound-policy.js';
import { ruleImage, type RuleImage } from './rule-image.js';

function imageOf(spec: object, options?: BoundPolicyOptions): RuleImage {
  return ruleImage(boundPolicy([{ ...spec, action: 'Block' }], options), {
    generation: 1n,
    fillRandom: (bytes) => bytes.fill(7),
  });
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('ruleImage', () => {
  it('has no tables of a kind without rules', () => {
    const image = imageOf({ file: { matchPaths: [{ path: '/a' }] } });
    expect(image.process).toBeUndefined();
    expect(image.source).toBeUndefined();
    expect(image.file?.patterns).toBeUndefined();
    expect(image.file?.paths.length).toBe(SIZES.match_paths);
  });

  it('takes memory by the number of rules, in one table of rows', () => {
    const rows = (count: number): number => {
      const matchPaths = numbers(count).map((at) => ({ path: `/etc/${at}` }));
      return imageOf({ file: { matchPaths } }).file?.rows.length ?? 0;
    };
    expect(rows(10_000)).toBeLessThan(10_000 * 128);
    expect(rows(10)).toBeLessThan(10_000);
  });

  const refused: readonly (readonly [what: string, spec: object, options?: BoundPolicyOptions])[] = [
    [
      'directories nested too deeply',
      {
        file: {
          matchDirectories: numbers(33).map((depth) => ({ dir: `/${'a/'.repeat(depth)}`, recursive: true })),
        },
      },
    ],
    [
      'too many lists of arguments',
      { process: { matchPaths: numbers(65).map((at) => ({ path: `/bin/${at}`, allowedArgs: [`-${at}`] })) } },
    ],
    [
      'too many lists of arguments for one program',
      { process: { matchPaths: numbers(9).map((at) => ({ path: '/bin/a', allowedArgs: [`-${at}`] })) } },
    ],
    [
      'too many hard links of one file',
      { file: { matchPaths: numbers(13).map((at) => ({ path: `/etc/${at}` })) } },
      { files: new Map(numbers(13).map((at) => [`/etc/${at}`, '1:1'])) },
    ],
    [
      'patterns whose automaton is too large',
      { file: { matchPatterns: numbers(14).map((at) => ({ pattern: `/x/**/a${at}/**/b${at}/*` })) } },
    ],
  ];
  for (const [what, spec, options] of refused) {
    it(`refuses ${what}, and names the rule`, () => {
      const attempt = (): RuleImage => imageOf(spec, options);
      expect(attempt).toThrow(
        /^rule set \(KubeArmorPolicy\/d\/p0#[a-z]+\.match[A-Z][a-z]+\[\d+\]\): expected/,
      );
      expect(attempt).toThrow(expect.objectContaining({ code: 'RULE_SET_TOO_LARGE' }));
    });
  }
});
