import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTree } from '../tree/create-tree.js';
import { bashScript } from './bash-script.js';
import { describeTree } from './completion-node.js';

const silent = { print: () => true, note: () => undefined, complain: () => undefined };

let directory = '';

/** What bash offers for a line whose last word is being written. */
function complete(...words: readonly string[]): readonly string[] {
  const script = `
    . ./karmor.bash
    compopt() { :; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _karmor
    printf '%s\\n' "\${COMPREPLY[@]}"
  `;
  const output = execFileSync('bash', ['-c', script, 'bash', 'karmor', ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  return output.split('\n').filter((line) => line !== '');
}

describe('bashScript', () => {
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'karmor-completion-'));
    const nodes = describeTree(createTree({ output: silent, invoke: () => Promise.resolve() }));
    writeFileSync(join(directory, 'karmor.bash'), bashScript(nodes));
    writeFileSync(join(directory, 'policy.yaml'), '');
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('offers commands', () => {
    expect(complete('po')).toEqual(['policy']);
    expect(complete('vm', 'policy', '')).toEqual(expect.arrayContaining(['add', 'delete']));
  });

  it('offers the options of the command at hand', () => {
    expect(complete('logs', '--log')).toEqual(['--logPath', '--logFilter', '--logType']);
    expect(complete('vm', 'policy', 'add', '--con')).toEqual(['--confirm']);
    expect(complete('run', '--cap')).toEqual(['--cap-add', '--cap-drop']);
    expect(complete('status', '--logF')).toEqual([]);
  });

  it('offers the values of an option', () => {
    expect(complete('logs', '--logFilter', '')).toEqual(['policy', 'system', 'all']);
    expect(complete('logs', '-o', 'p')).toEqual(['pretty-json']);
    expect(complete('completion', 'f')).toEqual(['fish']);
  });

  it('offers files where a file is wanted', () => {
    expect(complete('vm', 'policy', 'add', 'pol')).toEqual(['policy.yaml']);
    expect(complete('logs', '--logPath', '')).toEqual(['stdout', 'none', 'karmor.bash', 'policy.yaml']);
  });
});
