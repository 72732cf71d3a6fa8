import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { procfs } from '@kubearmor/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentError } from './errors.js';
import { useProcfs } from './use-procfs.js';

function codeOf(directory: string): string {
  try {
    useProcfs(directory);
    return 'none';
  } catch (thrown) {
    return thrown instanceof AgentError ? `${thrown.code} ${thrown.message}` : String(thrown);
  }
}

describe('useProcfs', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kubearmor-procfs-'));
  afterEach(() => {
    useProcfs('/proc');
    rmSync(directory, { recursive: true, force: true });
  });

  it('takes procfs of the own pid namespace, and nothing else', () => {
    expect(codeOf('/proc')).toBe('none');
    expect(codeOf(directory)).toMatch(/^SETTING_INVALID .*, got none$/);
    symlinkSync('1', join(directory, 'self'));
    expect(codeOf(directory)).toMatch(/^SETTING_INVALID .*, got one that calls it 1$/);
    expect(procfs()).toBe('/proc');
  });
});
