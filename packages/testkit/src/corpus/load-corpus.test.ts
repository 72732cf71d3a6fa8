import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TestkitError } from '../errors.js';
import { loadCorpus, parseCorpus } from './load-corpus.js';

const verdicts = fileURLToPath(new URL('../../../../corpus/verdicts', import.meta.url));

const group = (changes: Readonly<Record<string, string>> = {}): string => {
  const fields = {
    group: 'one-group',
    about: 'what it covers',
    policies: '""',
    root: '{ /usr/bin/tool: { program: true } }',
    cases: '[{ name: a, operation: { do: exec, path: /usr/bin/tool, argv: [tool] }, expect: { verdict: pass, alert: none } }]',
    ...changes,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `- ${lines.join('\n  ')}\n`;
};

const oneCase = (operation: string, expectation = '{ verdict: pass, alert: none }'): string =>
  group({ cases: `[{ name: a, operation: ${operation}, expect: ${expectation} }]` });

const refusals: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['broken YAML', '- group: [', /file\.yaml:\d+: expected well-formed YAML/],
  ['something else than a list', 'group: a', /expected a list, got a mapping/],
  ['an unknown field', group({ grup: 'x' }), /\[0\]\.grup: expected one of the fields .*, got the field grup/],
  ['a missing field', '- group: a\n  about: b\n  cases: []', /\[0\]: expected the field policies, got none/],
  ['a name that is not kebab-case', group({ group: 'Not_Kebab' }), /expected a name in kebab-case, got "Not_Kebab"/],
  ['a number for a text', group({ about: '7' }), /\[0\]\.about: expected a text, got 7/],
  ['a relative path in the root', group({ root: '{ usr: { dir: true } }' }), /expected an absolute path/],
  ['an entry of no kind', group({ root: '{ /usr/x: { uid: 0 } }' }), /expected program, script, content, dir, link/],
  ['a mode that is a number', group({ root: '{ /x: { dir: true, mode: 0755 } }' }), /mode: expected a text, got/],
  ['a mode that is no mode', group({ root: '{ /x: { dir: true, mode: "rwx" } }' }), /expected a mode such as "0644"/],
  ['an unknown posture', group({ postures: '{ file: deny }' }), /postures\.file: expected one of block, audit, allow/],
  ['an unknown call', oneCase('{ do: fork }'), /operation\.do: expected one of exec, open/],
  ['a call without a name', oneCase('{ path: /x }'), /operation: expected the field do, got none/],
  ['an open without a mode', oneCase('{ do: open, path: /x, flags: [creat] }'), /exactly one of rdonly, wronly and rdwr, got \[creat\]/],
  ['an unknown protocol', oneCase('{ do: socket, family: inet, type: stream, protocol: tpc }'), /expected a number or one of icmp, tcp/],
  ['a denial without an alert', oneCase('{ do: dns, domain: a.b }', '{ verdict: deny, alert: none }'), /expected an alert with the denial, got none/],
  [
    'a pass with a Block alert',
    oneCase('{ do: dns, domain: a.b }', '{ verdict: pass, alert: { policy: p, rule: r, action: Block } }'),
    /expected the action Audit, got Block/,
  ],
  [
    'two cases of one name',
    group({ cases: '[&a { name: a, operation: { do: dns, domain: b }, expect: { verdict: pass, alert: none } }, { name: a, operation: { do: dns, domain: b }, expect: { verdict: pass, alert: none } }]' }),
    /cases: expected unique names, got a twice/,
  ],
];

describe('parseCorpus', () => {
  it('fills in what a group leaves out', () => {
    const [parsed] = parseCorpus(group(), 'file.yaml');
    expect(parsed?.workload).toMatchObject({ kind: 'scope', namespace: 'default', labels: { app: 'web' } });
    expect(parsed?.postures).toEqual({ file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' });
    expect(parsed?.cases[0]?.subject).toEqual({
      exe: '/usr/bin/actor',
      parentExe: '/usr/bin/init',
      uid: 0,
      tty: false,
    });
  });

  it.each(refusals)('refuses %s', (_what, text, message) => {
    expect(() => parseCorpus(text, 'file.yaml')).toThrow(message);
    expect(() => parseCorpus(text, 'file.yaml')).toThrow(TestkitError);
  });
});

describe('loadCorpus', () => {
  it('reads the corpus', () => {
    const groups = loadCorpus(verdicts);
    expect(groups.flatMap(({ cases }) => cases).length).toBeGreaterThan(450);
  });

  it('holds mostly what can be judged inline without LSM programs', () => {
    const cases = loadCorpus(verdicts).flatMap((one) => one.cases);
    const inline = cases.filter(({ operation }) => {
      if (operation.do === 'exec' || operation.do === 'open') return true;
      return 'family' in operation && operation.family.startsWith('inet') && operation.do !== 'listen';
    });
    expect(inline.length / cases.length).toBeGreaterThan(0.65);
  });

  it('says which directory cannot be read', () => {
    expect(() => loadCorpus('/nowhere/at/all')).toThrow(/\/nowhere\/at\/all: expected a directory/);
  });
});
