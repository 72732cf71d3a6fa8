import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind } from '../bind/bind.js';
import { compile } from '../compile/compile.js';
import type { Postures } from '../compile/postures.js';
import type { Policy } from '../language/policy.js';
import type { Action } from '../language/rule.js';
import { MemoryResolver } from '../testing/memory-resolver.js';
import { exec, file, program } from '../testing/operations.js';
import { actor, policyOf } from '../testing/policies.js';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { isSettled } from './is-settled.js';
import type { FileObject, Operation, Subject } from './operation.js';

const root = new MemoryResolver({
  links: { '/bin': '/usr/bin', '/usr/bin/sh': '/usr/bin/dash', '/data/link': '/etc' },
  files: { '/etc/a': '1:1', '/usr/bin/dash': '1:2' },
  executables: ['/usr/bin/sh', '/usr/bin/dash'],
});

const paths = [
  '/etc/a',
  '/etc/b',
  '/bin/sh',
  '/usr/bin/dash',
  '/usr/bin/ls',
  '/data/link/a',
  '/data/x/y',
  '/etc/d/e',
];
const action: fc.Arbitrary<Action> = fc.constantFrom('Allow', 'Audit', 'Block');
const sources = fc.option(
  fc.subarray([{ path: '/usr/bin/actor' }, { path: '/bin/sh' }, { dir: '/opt/', recursive: true }], {
    minLength: 1,
  }),
  { nil: undefined },
);
const flag = fc.option(fc.boolean(), { nil: undefined, freq: 3 });
const modifiers = {
  fromSource: sources,
  ownerOnly: flag,
  pts: fc.option(fc.constant(false), { nil: undefined, freq: 5 }),
};
const filePath = fc.record({ path: fc.constantFrom(...paths), readOnly: flag, action, ...modifiers });
const dirs = fc.constantFrom('/', '/etc/', '/bin/', '/usr/', '/data/', '/data/link/', '/etc/d/');
const directory = fc.record({ dir: dirs, recursive: fc.boolean(), action, ...modifiers });
const pattern = fc.record({
  pattern: fc.constantFrom('/etc/*', '/**/a', '/usr/bin/*s*', '/bin/[a-z]*', '**'),
  action,
});
const processPath = fc.oneof(
  fc.record({
    path: fc.constantFrom(...paths),
    action,
    ...modifiers,
    allowedArgs: fc.constantFrom(undefined, ['-a']),
  }),
  fc.record({ execname: fc.constantFrom('sh', 'dash', 'ls', 'a'), action, ...modifiers }),
);

const few = { maxLength: 3 };

const specs = fc.record({
  file: fc.record({
    matchPaths: fc.array(filePath, few),
    matchDirectories: fc.array(directory, few),
    matchPatterns: fc.array(pattern, few),
  }),
  process: fc.record({ matchPaths: fc.array(processPath, few), matchDirectories: fc.array(directory, few) }),
  network: fc.record({
    matchProtocols: fc.array(
      fc.record({
        protocol: fc.constantFrom('tcp', 'stream', 'all', 'raw,udp'),
        action,
        fromSource: sources,
      }),
      few,
    ),
  }),
});

type Spec = typeof specs extends fc.Arbitrary<infer T> ? T : never;

const subject: fc.Arbitrary<Subject> = fc.record({
  exe: fc.constantFrom('/usr/bin/actor', '/usr/bin/dash', '/opt/a/b'),
  parentExe: fc.constantFrom('/usr/bin/actor', '/usr/bin/dash', '/x'),
  fsUid: fc.nat(1),
  hasTty: fc.boolean(),
});

const realPaths = [
  '/etc/a',
  '/etc/b',
  '/usr/bin/dash',
  '/usr/bin/ls',
  '/usr/bin/sh',
  '/data/x/y',
  '/etc/d/e',
  '/etc',
  '/x',
];
const object: fc.Arbitrary<FileObject> = fc.record({
  path: fc.constantFrom(...realPaths),
  otherNames: fc.subarray(['/data/x/y', '/etc/b', '/mnt/a'], { maxLength: 2 }),
  ownerUid: fc.nat(1),
  fileId: fc.constantFrom('1:1', '1:2', '1:3'),
});

const access = fc.constantFrom<readonly ('read' | 'write')[]>(['read'], ['write'], ['read', 'write']);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    subject,
    access,
    objects: fc.array(object, { minLength: 1, maxLength: 2 }),
    subtree: fc.boolean(),
    byLoader: fc.boolean(),
  }),
  fc
    .record({ subject, object, argv: fc.constantFrom(['x'], ['x', '-a'], ['x', '-b']) })
    .map(({ object: { path, ...rest }, ...more }) =>
      exec(path, more.argv, {
        subject: more.subject,
        links: [program(path, rest), program('/usr/bin/dash', { role: 'interpreter' })],
      }),
    ),
  fc.record({
    kind: fc.constant('network' as const),
    subject,
    family: fc.constantFrom('inet' as const, 'unix' as const),
    type: fc.constantFrom('stream' as const, 'dgram' as const, 'raw' as const),
    protocol: fc.constantFrom(0, 6, 17),
  }),
);

const posture = fc.constantFrom('block' as const, 'audit' as const, 'allow' as const);
const postures: fc.Arbitrary<Postures> = fc.record({
  file: posture,
  network: posture,
  capabilities: posture,
  device: posture,
});

/** For a machine that does other things as well. */
const timeoutMs = 60_000;

function judge(policies: readonly Policy[], chosen: Postures, asked: Operation): Decision {
  return decide(bind(compile(policies, chosen), root), asked);
}

const named = (list: readonly Spec[]): readonly Policy[] =>
  list.flatMap((spec, index) => policyOf(`p${index}`, spec));

describe('decide', () => {
  it(
    'does not depend on the order of policies',
    () => {
      const input = fc.record({
        list: fc.array(specs, { minLength: 2, maxLength: 4 }),
        postures,
        operation,
        by: fc.nat(3),
      });
      fc.assert(
        fc.property(input, ({ list, postures: chosen, operation: asked, by }) => {
          const texts = named(list);
          const turned = [...texts.slice(by), ...texts.slice(0, by)].reverse();
          expect(judge(turned, chosen, asked)).toEqual(judge(texts, chosen, asked));
        }),
        { numRuns: 200 },
      );
    },
    timeoutMs,
  );

  it(
    'does not depend on the order of rules in a policy, but for which of equal rules is named',
    () => {
      fc.assert(
        fc.property(specs, postures, operation, (spec, chosen, asked) => {
          const turned = {
            file: {
              matchPaths: spec.file.matchPaths.toReversed(),
              matchDirectories: spec.file.matchDirectories.toReversed(),
              matchPatterns: spec.file.matchPatterns.toReversed(),
            },
            process: {
              matchPaths: spec.process.matchPaths.toReversed(),
              matchDirectories: spec.process.matchDirectories.toReversed(),
            },
            network: { matchProtocols: spec.network.matchProtocols.toReversed() },
          };
          const [one, other] = [spec, turned].map((each) => judge(policyOf('p', each), chosen, asked));
          const list = /#(.*)\[/;
          expect(other?.verdict).toBe(one?.verdict);
          expect(other?.alert?.policyName).toBe(one?.alert?.policyName);
          expect(list.exec(other?.alert?.rule ?? '')?.[1]).toBe(list.exec(one?.alert?.rule ?? '')?.[1]);
        }),
        { numRuns: 200 },
      );
    },
    timeoutMs,
  );

  it('lets Block beat Allow at equal rank', () => {
    fc.assert(
      fc.property(filePath, object, subject, (rule, target, who) => {
        const plain = { path: rule.path, fromSource: rule.fromSource };
        const asked: Operation = { kind: 'file', subject: who, access: ['read'], objects: [target] };
        const chosen: Postures = { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' };
        const both = ['Allow', 'Block'].flatMap((each) =>
          policyOf(each, { file: { matchPaths: [plain] }, action: each }),
        );
        const alone = judge(both.slice(1), chosen, asked);
        if (alone.verdict === 'deny') expect(judge(both, chosen, asked)).toEqual(alone);
      }),
    );
  });

  it(
    'is not changed by a rule that does not match',
    () => {
      const elsewhere = policyOf('zz', {
        file: {
          matchPaths: [{ path: '/nowhere/at/all' }],
          matchDirectories: [{ dir: '/nowhere/', recursive: true }],
        },
        process: { matchPaths: [{ execname: 'nobody' }], matchPatterns: [{ pattern: '/nowhere/**' }] },
        network: { matchProtocols: [{ protocol: 'all', fromSource: [{ path: '/nowhere/x' }] }] },
        action: 'Block',
      });
      fc.assert(
        fc.property(fc.array(specs, { maxLength: 3 }), postures, operation, (list, chosen, asked) => {
          expect(judge([...named(list), ...elsewhere], chosen, asked)).toEqual(
            judge(named(list), chosen, asked),
          );
        }),
        { numRuns: 200 },
      );
    },
    timeoutMs,
  );

  it(
    'denies both accesses where it denies either',
    () => {
      fc.assert(
        fc.property(
          fc.array(specs, { maxLength: 3 }),
          postures,
          object,
          subject,
          (list, chosen, target, who) => {
            const on = (...accesses: ('read' | 'write')[]): string =>
              judge(named(list), chosen, { kind: 'file', subject: who, access: accesses, objects: [target] })
                .verdict;
            const either = on('read') === 'deny' || on('write') === 'deny';
            expect(on('read', 'write')).toBe(either ? 'deny' : 'pass');
          },
        ),
        { numRuns: 200 },
      );
    },
    timeoutMs,
  );
});

describe('isSettled', () => {
  it(
    'holds only for files that no open of is ever denied or alerted',
    () => {
      fc.assert(
        fc.property(
          fc.array(specs, { maxLength: 2 }),
          postures,
          object,
          subject,
          access,
          (list, chosen, target, who, how) => {
            const bound = bind(compile(named(list), chosen), root);
            if (!isSettled(bound, target)) return;
            for (const byLoader of [false, true]) {
              const asked: Operation = {
                kind: 'file',
                subject: who,
                access: how,
                objects: [target],
                byLoader,
              };
              expect(decide(bound, asked)).toEqual({ verdict: 'pass' });
            }
          },
        ),
        { numRuns: 1000 },
      );
    },
    timeoutMs,
  );

  it('knows what lets everybody pass, and what does not', () => {
    const settled = (spec: object, chosen: 'block' | 'allow', more: Partial<FileObject> = {}): boolean => {
      const all = { file: chosen, network: chosen, capabilities: chosen, device: chosen };
      return isSettled(bind(compile(policyOf('p', spec), all), root), file('/etc/a', more));
    };
    const rule = (more: object, act: string): object => ({
      file: { matchPaths: [{ path: '/etc/a', ...more }] },
      action: act,
    });
    const program1 = (act: string): object => ({
      process: { matchPaths: [{ path: '/etc/a' }] },
      action: act,
    });
    const source = { fromSource: [{ path: actor.exe }] };
    expect(settled({}, 'block')).toBe(true);
    expect(settled(rule({}, 'Allow'), 'block')).toBe(true);
    expect(settled(rule(source, 'Allow'), 'block')).toBe(false);
    expect(settled(rule(source, 'Allow'), 'allow')).toBe(true);
    expect(settled(rule({ readOnly: true }, 'Allow'), 'allow')).toBe(false);
    expect(settled(rule({}, 'Audit'), 'allow')).toBe(false);
    expect(settled(rule(source, 'Block'), 'allow')).toBe(false);
    expect(settled(rule({}, 'Block'), 'allow', { anonymous: true })).toBe(true);
    expect(settled(rule({}, 'Block'), 'allow', { path: '/x', fileId: '1:1' })).toBe(false);
    expect(settled(program1('Block'), 'allow')).toBe(false);
    expect(settled(program1('Allow'), 'block')).toBe(true);
  });
});
