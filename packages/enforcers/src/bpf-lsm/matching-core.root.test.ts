import { randomFillSync } from 'node:crypto';
import {
  decide,
  type ExecOperation,
  type FileObject,
  type FileOperation,
  type Subject,
} from '@kubearmor/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleImage } from './image/rule-image.js';
import { boundPolicy } from './testing/bound-policy.js';
import { judgeOperation } from './testing/judge-operation.js';
import { MatchCore } from './testing/match-core.js';

/** Short, so that rules and operations meet; of different lengths, so that words and steps end everywhere. */
const component = fc.constantFrom(
  'a',
  'b',
  'etc',
  'usr',
  'bin',
  'passwd',
  'données',
  '日本',
  'x'.repeat(29),
  '…😀',
  'a b.key',
);
const real = fc.array(component, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
const long = fc
  .tuple(component, fc.integer({ min: 20, max: 60 }))
  .map(([part, times]) => `/${Array.from({ length: times }, () => part).join('/')}`);
const path = fc.oneof({ weight: 12, arbitrary: real }, { weight: 1, arbitrary: long });

const source = fc.oneof(
  real.map((exe) => ({ path: exe })),
  fc.record({ dir: real.map((dir) => `${dir}/`), recursive: fc.boolean() }),
);
const few = { maxLength: 3 };
const action = fc.constantFrom('Allow', 'Audit', 'Block');
const common = {
  action,
  fromSource: fc.option(fc.array(source, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  ownerOnly: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
  pts: fc.option(fc.constant(false), { nil: undefined, freq: 4 }),
};
const readOnly = fc.option(fc.boolean(), { nil: undefined, freq: 2 });
const allowedArgs = fc.constantFrom(undefined, undefined, ['-a'], ['-a', '-b']);
const dir = fc.oneof(
  fc.constant('/'),
  real.map((each) => `${each}/`),
);
const glob = fc.array(
  fc.oneof(component, fc.constantFrom('*', '**', '?', 'a*', '*.key', '{a,b}', '[a-c]', '[!a]', '?日', 'e**')),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const pattern = fc.oneof(
  glob.map((parts) => `/${parts.join('/')}`),
  glob.map((parts) => `**/${parts.join('/')}`),
);
interface Section {
  readonly matchPaths: readonly object[];
}
const rules = (more: object, morePaths: object = more): fc.Arbitrary<Section> =>
  fc.record({
    matchPaths: fc.array(fc.record({ path, ...common, ...morePaths }), few),
    matchDirectories: fc.array(fc.record({ dir, recursive: fc.boolean(), ...common, ...more }), few),
    matchPatterns: fc.array(fc.record({ pattern, ...common, ...more }), few),
  });
const programs = fc
  .tuple(
    rules({}, { allowedArgs }),
    fc.array(fc.record({ execname: component, ...common, allowedArgs }), few),
  )
  .map(([section, names]) => ({ ...section, matchPaths: [...section.matchPaths, ...names] }));
const policy = fc.record({ file: rules({ readOnly }), process: programs });

const posture = fc.constantFrom('block' as const, 'audit' as const, 'allow' as const);

const subject: fc.Arbitrary<Subject> = fc.record({
  exe: real,
  parentExe: real,
  fsUid: fc.nat(1),
  hasTty: fc.boolean(),
});
const fileId = fc.constantFrom('1:1', '1:2', '1:3', undefined);
const object: fc.Arbitrary<FileObject> = fc
  .record({ path, otherNames: fc.array(real, { maxLength: 2 }), ownerUid: fc.nat(1), fileId })
  .map(({ fileId: id, ...rest }) => ({ ...rest, ...(id !== undefined && { fileId: id }) }));
const opening: fc.Arbitrary<FileOperation> = fc.record({
  kind: fc.constant('file' as const),
  subject,
  access: fc.constantFrom<readonly ('read' | 'write')[]>(['read'], ['write'], ['read', 'write']),
  objects: fc.array(object, { minLength: 1, maxLength: 2 }),
  subtree: fc.boolean(),
  byLoader: fc.boolean(),
  argv: fc.constantFrom(['x'], ['x', '-a'], ['x', '-b', '-a']),
});
const executing: fc.Arbitrary<ExecOperation> = fc
  .record({
    subject,
    requestedPath: real,
    object,
    argv: fc.constantFrom(['x'], ['x', '-a'], ['x', '-b', '-a']),
  })
  .map(({ object: link, ...rest }) => ({ kind: 'exec', ...rest, links: [{ ...link, role: 'program' }] }));

/** At least as many operations are asked about, of so many rule sets. */
const OPERATIONS = 2000;
const RULE_SETS = 110;
/** For a machine that does other things as well. */
const TIMEOUT_MS = 300_000;

const scenario = fc.record({
  policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
  posture,
  links: fc
    .array(fc.tuple(real, fc.constantFrom('1:1', '1:2')), { maxLength: 4 })
    .map((each) => new Map(each)),
  operations: fc.array(fc.oneof(opening, executing), { minLength: 16, maxLength: 24, size: 'max' }),
});

describe.skipIf(process.geteuid?.() !== 0)('the matching core (needs root)', () => {
  let core: MatchCore;

  beforeAll(() => {
    core = new MatchCore();
  });
  afterAll(() => {
    core[Symbol.dispose]();
  });

  it('says what decide says, of whatever rules and operations', { timeout: TIMEOUT_MS }, () => {
    const seen = { operations: 0, matched: 0, denied: 0 };
    fc.assert(
      fc.property(scenario, ({ policies, posture: chosen, links, operations }) => {
        const bound = boundPolicy(policies, { posture: chosen, files: links });
        const image = ruleImage(bound, { generation: 1n, fillRandom: randomFillSync });
        core.use(image);
        for (const operation of operations) {
          const expected = decide(bound, operation);
          expect(judgeOperation({ core, bound, lists: image.lists }, operation)).toEqual(expected);
          seen.operations += 1;
          if (expected.alert !== undefined) seen.matched += 1;
          if (expected.verdict === 'deny') seen.denied += 1;
        }
      }),
      { numRuns: RULE_SETS, seed: 20_261_128 },
    );
    expect(seen.operations).toBeGreaterThanOrEqual(OPERATIONS);
    expect(seen.matched).toBeGreaterThan(seen.operations / 3);
    expect(seen.denied).toBeGreaterThan(seen.operations / 3);
  });
});
