import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unifiedRoot } from '@kubearmor/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScopeCgroup, scopeCgroupPath } from './scope-cgroup.js';

const IS_ROOT = process.geteuid?.() === 0;

describe('scopeCgroupPath', () => {
  it('is below a directory for all scopes', () => {
    expect(scopeCgroupPath('/sys/fs/cgroup/kubearmor', 7)).toBe('/sys/fs/cgroup/kubearmor/7');
  });
});

describe.skipIf(!IS_ROOT)('ScopeCgroup', () => {
  let root: string;

  beforeAll(() => {
    root = join(unifiedRoot(), `kubearmor-cgroup-test-${process.pid}`);
  });

  afterAll(() => {
    rmdirSync(root);
  });

  it('knows what runs in it, also further down, and ends that when removed', async () => {
    const cgroup = ScopeCgroup.create(root, 1);
    const below = join(cgroup.path, 'below');
    mkdirSync(below);
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(join(below, 'cgroup.procs'), String(sleeper.pid));
    expect(cgroup.isEmpty()).toBe(false);
    expect(cgroup.pids()).toEqual([sleeper.pid]);
    expect(cgroup.id).toBeGreaterThan(0n);
    const ended = once(sleeper, 'exit');
    await cgroup.remove();
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(existsSync(cgroup.path)).toBe(false);
  });

  it('can be removed twice', async () => {
    const cgroup = ScopeCgroup.create(root, 2);
    expect(cgroup.isEmpty()).toBe(true);
    await cgroup.remove();
    await cgroup.remove();
  });
});
