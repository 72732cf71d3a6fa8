import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadPolicies } from './load-policies.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const attributes = { severity: 3, tags: ['a'], message: 'm', action: 'Block' };
const source = [{ path: '/bin/sh' }, { dir: '/opt/', recursive: true }];

const sections: readonly Record<string, Json>[] = [
  {
    process: {
      matchPaths: [
        { path: '/bin/a', ownerOnly: true, pts: false, allowedArgs: ['-v'], ...attributes },
        { execname: 'b' },
      ],
      matchDirectories: [{ dir: '/opt/', recursive: true, fromSource: source }],
      ...attributes,
    },
  },
  {
    file: {
      matchPaths: [{ path: '/etc/shadow', readOnly: true, fromSource: source }],
      matchDirectories: [{ dir: '/var/', recursive: false, readOnly: true, ownerOnly: true }],
      matchPatterns: [{ pattern: '/tmp/{a,b}[c-d]*.txt', readOnly: false }],
    },
  },
  {
    network: {
      matchProtocols: [{ protocol: 'tcp,UDP', fromSource: source }],
      matchDNSQueries: [{ domain: 'a.com' }],
    },
    capabilities: { matchCapabilities: [{ capability: 'net_raw', fromSource: source }] },
  },
  {
    syscalls: {
      matchSyscalls: [{ syscall: ['unlink'], fromSource: source }],
      matchPaths: [{ path: '/tmp/', recursive: true, syscall: ['rmdir'] }],
    },
    apparmor: 'deny /x r,',
    ...attributes,
  },
];

const expressions = [{ key: 'label', operator: 'In', values: ['app=web'] }];

/** Valid policies of each kind, with every field somewhere. */
const seeds: readonly Json[] = [
  ...sections.map((section) => ({
    apiVersion: 'security.kubearmor.com/v1',
    kind: 'KubeArmorPolicy',
    metadata: { name: 'p', namespace: 'web', labels: { a: 'b' } },
    spec: { selector: { matchLabels: { app: 'web' }, matchExpressions: expressions }, ...section },
  })),
  {
    kind: 'KubeArmorClusterPolicy',
    metadata: { name: 'c' },
    spec: {
      selector: { matchExpressions: [{ key: 'namespace', operator: 'NotIn', values: ['x'] }] },
      presets: [{ name: 'filelessExec', action: 'Audit' }],
      ...sections[0],
    },
  },
  {
    kind: 'KubeArmorHostPolicy',
    metadata: { name: 'h' },
    spec: {
      nodeSelector: { matchLabels: { 'kubearmor.io/hostname': '*' } },
      device: { matchDevice: [{ class: 'HID', subClass: 1, protocol: 1, level: 1, ...attributes }] },
      ...sections[1],
    },
  },
];

/** What a mutation puts in the place of something. */
const replacements: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  11,
  1.5,
  '',
  'yes',
  'x',
  '/',
  '/a/../b/',
  '/'.repeat(5000),
  'tcp,,udp',
  '[a-',
  '{{{',
  '\0',
  '💥\ud800',
  [],
  [[]],
  ['x', 5],
  {},
  { path: '/a' },
  { '': '' },
  [{ path: '/a' }, {}],
];

const keys = [
  'path',
  'pth',
  'dir',
  'spec',
  'action',
  'Action',
  '',
  'a.b',
  '__proto__',
  'constructor',
  '<<',
  '5',
];

interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'rename' | 'add' | 'repeat';
  readonly value: Json;
  readonly key: string;
}

const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(45),
    how: fc.constantFrom('replace', 'remove', 'rename', 'add', 'repeat'),
    value: fc.oneof(fc.constantFrom(...replacements), fc.string({ unit: 'binary', maxLength: 8 })),
    key: fc.constantFrom(...keys),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Applies a mutation to the value that is reached as the `at`th. */
function mutate(root: Json, { at, how, value, key }: Mutation): Json {
  let index = 0;
  const visit = (node: Json): Json => {
    const isHere = index === at;
    index += 1;
    if (isHere && how === 'replace') return value;
    if (Array.isArray(node)) {
      const items = node.map(visit);
      if (!isHere) return items;
      return how === 'remove' ? items.slice(1) : how === 'repeat' ? [...items, ...items] : [...items, value];
    }
    if (typeof node !== 'object' || node === null) return isHere && how === 'add' ? [node] : node;
    const entries = Object.entries(node).map(([name, field]): [string, Json] => [name, visit(field)]);
    if (!isHere) return Object.fromEntries(entries);
    const [first] = entries;
    if (how === 'remove') return Object.fromEntries(entries.slice(1));
    if (how === 'rename' && first !== undefined)
      return Object.fromEntries([[key, first[1]], ...entries.slice(1)]);
    return Object.fromEntries([...entries, [key, value]]);
  };
  return visit(root);
}

describe('loadPolicies, on 10,000 generated documents', () => {
  it.each(seeds.map((seed) => [JSON.stringify(seed)]))('accepts its seeds', (seed) => {
    expect(loadPolicies(seed, { file: 'seed.yaml' }).problems).toEqual([]);
  });

  it('never crashes, and every problem names a field', () => {
    const outcomes = { accepted: 0, refused: 0 };
    const property = fc.property(fc.constantFrom(...seeds), mutations, fc.nat(3), (seed, list, style) => {
      const document = list.reduce(mutate, seed);
      const text =
        style > 0
          ? JSON.stringify(document, null, style)
          : stringify(document, { aliasDuplicateObjects: false });
      const { policies, problems } = loadPolicies(text, { file: 'generated.yaml' });
      expect(policies.length > 0 && problems.length > 0).toBe(false);
      const isComplete = problems.every(
        ({ path, line, column, message, expected }) =>
          path !== '' && line > 0 && column > 0 && expected !== '' && message.includes(path),
      );
      expect(isComplete).toBe(true);
      outcomes[problems.length > 0 ? 'refused' : 'accepted'] += 1;
    });
    fc.assert(property, { numRuns: 10_000, seed: 20_240_501 });
    expect(outcomes.refused).toBeGreaterThan(5000);
    expect(outcomes.accepted).toBeGreaterThan(500);
  }, 60_000);

  it('never crashes on texts that are hardly YAML', () => {
    const seed = stringify(seeds[0]);
    const cuts = fc.tuple(
      fc.nat(seed.length),
      fc.nat(seed.length),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(cuts, ([from, length, insert]) => {
        const text = seed.slice(0, from) + insert + seed.slice(from + (length % 20));
        for (const { path } of loadPolicies(text, { file: 'cut.yaml' }).problems) expect(path).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  }, 30_000);
});
