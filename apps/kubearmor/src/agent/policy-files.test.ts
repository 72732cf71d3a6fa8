import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@kubearmor/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFiles } from './policy-files.js';

const policy = (name: string, path: string): string => `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: ${name}, namespace: n }
spec: { selector: { matchLabels: { a: b } }, process: { matchPaths: [{ path: ${path} }] } }
`;

describe('PolicyFiles', () => {
  let directory = '';
  let lines: string[] = [];
  const files = (): PolicyFiles =>
    new PolicyFiles(
      join(directory, 'policies'),
      join(directory, 'state'),
      createLogger({
        destination: {
          write: (line) => {
            lines.push(line);
          },
        },
      }),
    );
  const write = (name: string, text: string): void => {
    writeFileSync(join(directory, 'policies', name), text);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-policies-'));
    lines = [];
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('reads every policy of the directory, in the order of names', async () => {
    const read = files();
    write('b.yaml', policy('b', '/b'));
    write('a.yml', `${policy('a1', '/a')}---\n${policy('a2', '/a')}`);
    write('notes.txt', 'not a policy');
    const state = await read.read();
    expect(state.problems).toEqual([]);
    expect(state.files.flatMap((file) => file.policies.map(({ name }) => name))).toEqual(['a1', 'a2', 'b']);
  });

  it('refuses a broken file whole, keeps the last good one, and says so once', async () => {
    const read = files();
    write('a.yaml', policy('a', '/good'));
    await read.read();
    write('a.yaml', `${policy('new', '/new')}---\n${policy('a', 'relative')}`);
    const state = await read.read();
    await read.read();
    expect(state.files.flatMap((file) => file.policies.map(({ name }) => name))).toEqual(['a']);
    expect(state.problems).toHaveLength(1);
    expect(state.problems[0]?.message).toContain('spec.process.matchPaths[0].path');
    expect(lines.filter((line) => line.includes('refused'))).toHaveLength(1);
  });

  it('keeps the last good one across a restart', async () => {
    const before = files();
    write('a.yaml', policy('a', '/good'));
    await before.read();
    write('a.yaml', 'kind: [');
    const state = await files().read();
    expect(state.files.map((file) => file.policies.map(({ name }) => name))).toEqual([['a']]);
    expect(state.problems.length).toBeGreaterThan(0);
  });

  it('forgets a file that is gone', async () => {
    const read = files();
    write('a.yaml', policy('a', '/good'));
    await read.read();
    rmSync(join(directory, 'policies', 'a.yaml'));
    expect((await read.read()).files).toEqual([]);
    write('a.yaml', 'kind: [');
    expect((await files().read()).files).toEqual([]);
  });

  it('refuses a second file that names the same policy', async () => {
    const read = files();
    write('a.yaml', policy('p', '/a'));
    write('b.yaml', policy('p', '/b'));
    const state = await read.read();
    expect(state.files.map(({ name }) => name)).toEqual(['a.yaml']);
    expect(state.problems[0]?.message).toContain('a.yaml has it already');
  });
});
