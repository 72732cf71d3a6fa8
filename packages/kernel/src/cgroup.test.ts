import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cgroup, cgroupOf, unifiedRoot } from './cgroup.js';
import { KernelError } from './errors.js';
import { isRoot } from './testing/machine.js';

function hasUnified(): boolean {
  try {
    return unifiedRoot() !== '';
  } catch {
    return false;
  }
}

describe('unifiedRoot', () => {
  it('says so when there is none', () => {
    expect(() => unifiedRoot([])).toThrow(KernelError);
  });
});

describe.skipIf(!isRoot || !hasUnified())('Cgroup (needs root and a unified hierarchy)', () => {
  it('holds processes, kills them and goes away', async () => {
    const cgroup = Cgroup.create(join(unifiedRoot(), `kubearmor-test-cgroup-${process.pid}`, 'child'));
    const parent = new Cgroup(join(cgroup.path, '..'));
    try {
      expect(cgroup.id).toBe(statSync(cgroup.path, { bigint: true }).ino);
      expect(parent.children().map((child) => child.path)).toEqual([cgroup.path]);
      const child = spawn('sleep', ['60'], { stdio: 'ignore' });
      const exited = new Promise((resolve) =>
        child.once('exit', (_, signal) => {
          resolve(signal);
        }),
      );
      const pid = child.pid ?? 0;
      cgroup.addPid(pid);
      expect(cgroup.pids()).toEqual([pid]);
      expect(cgroupOf(pid)).toMatch(/\/child$/u);
      expect(parent.isPopulated()).toBe(true);
      expect(() => {
        cgroup.remove();
      }).toThrow(/remove cgroup .*EBUSY/u);
      parent.kill();
      expect(await exited).toBe('SIGKILL');
      await expect.poll(() => parent.isPopulated()).toBe(false);
    } finally {
      parent.remove();
    }
    parent.remove();
    expect(parent.isPopulated()).toBe(false);
    expect(() => cgroup.pids()).toThrow(/ENOENT/u);
  });
});

describe('cgroupOf', () => {
  it('knows nothing of a process that is gone', () => {
    expect(cgroupOf(0x3fff_ffff)).toBeUndefined();
  });
});
