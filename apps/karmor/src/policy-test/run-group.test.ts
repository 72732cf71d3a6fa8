import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFiles } from '../policies/read-files.js';
import type { CaseResult } from './case-result.js';
import { loadGroups } from './load-groups.js';
import { runGroup } from './run-group.js';
import { tapCase, tapHead } from './tap-text.js';

const policy = `kind: KubeArmorPolicy
metadata: { name: p }
spec: { selector: { matchLabels: { app: web } }, severity: 5, process: { matchPaths: [{ path: /bin/sleep }] }, action: Block }
`;
const missing: unknown = expect.stringContaining('NO_SUCH_FILE');
const group = (cases: string, more = ''): string => `- group: g
  about: programs
  policyFiles: [p.yaml]
  root: { /usr/bin/sleep: { program: true } }
${more}  cases:
${cases}`;
const oneCase = (name: string, path: string, expectation: string): string =>
  `    - { name: ${name}, operation: { do: exec, path: ${path}, argv: [x] }, expect: ${expectation} }\n`;

describe('runGroup', () => {
  let directory = '';
  let notes: string[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'karmor-test-'));
    writeFileSync(join(directory, 'p.yaml'), policy);
    notes = [];
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const run = (text: string): readonly CaseResult[] => {
    const file = join(directory, 'p.test.yaml');
    writeFileSync(file, text);
    return readFiles([file])
      .flatMap(loadGroups)
      .flatMap((each) => runGroup(each, (line) => notes.push(line)));
  };

  it('tries the policies of files named relative to it, in the namespace that is the agent’s', () => {
    const rule = 'KubeArmorPolicy/container_namespace/p#process.matchPaths[0]';
    const alert = `{ policy: p, rule: "${rule}", action: Block, severity: 5 }`;
    const results = run(
      group(
        oneCase('denied', '/bin/sleep', '{ verdict: deny, alert: any }') +
          oneCase('named', '/bin/sleep', `{ verdict: deny, alert: ${alert} }`) +
          oneCase('passes', '/usr/bin/actor', '{ verdict: pass, alert: none }'),
      ),
    );
    expect(results.map(({ isAsExpected }) => isAsExpected)).toEqual([true, true, true]);
    expect(notes).toEqual([]);
  });

  it('says what came instead', () => {
    const results = run(
      group(
        oneCase('wrong', '/bin/sleep', '{ verdict: pass, alert: none }') +
          oneCase('absent', '/bin/nothing', '{ verdict: pass, alert: none }'),
      ),
    );
    expect(results).toMatchObject([
      { name: 'g: wrong', isAsExpected: false, expected: 'pass, no alert' },
      { isAsExpected: false, got: missing },
    ]);
    const [wrong] = results;
    expect(wrong?.got).toContain('deny, alert Block by p');
  });

  it('says that no policy selects the workload', () => {
    run(
      group(
        oneCase('a', '/bin/sleep', '{ verdict: pass, alert: none }'),
        '  workload: { labels: { app: db } }\n',
      ),
    );
    expect(notes).toEqual([expect.stringContaining('no policy selects its workload')]);
  });
});

describe('tapCase', () => {
  it('has the lines of the Test Anything Protocol', () => {
    const result: CaseResult = {
      name: 'g: a',
      where: 'f:1',
      isAsExpected: false,
      expected: 'pass',
      got: 'deny',
    };
    expect(tapHead(2) + tapCase({ ...result, isAsExpected: true }, 1) + tapCase(result, 2)).toBe(
      'TAP version 14\n1..2\nok 1 - g: a\nnot ok 2 - g: a\n' +
        '  ---\n  at: f:1\n  expected: "pass"\n  got: "deny"\n  ...\n',
    );
  });
});
