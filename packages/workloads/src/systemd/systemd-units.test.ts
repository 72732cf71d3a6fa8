import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemdUnits } from './systemd-units.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'systemd-units-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('SystemdUnits', () => {
  it('finds what runs, in slices of slices, and nothing below a service', () => {
    const cgroups = [
      'test/system.slice/a.service/sub/inner.service',
      'test/system.slice/system-getty.slice/getty@tty1.service',
      'test/system.slice/_memory.service',
      'test/user.slice/user-0.slice/session-1.scope',
      'elsewhere.service',
    ];
    for (const cgroup of cgroups) mkdirSync(join(directory, cgroup), { recursive: true });
    const units = new SystemdUnits({ hierarchy: { number: 0, directory }, below: '/test' });
    expect(units.all()).toEqual([
      { name: 'memory.service', slice: 'system.slice', cgroup: '/test/system.slice/_memory.service' },
      { name: 'a.service', slice: 'system.slice', cgroup: '/test/system.slice/a.service' },
      {
        name: 'getty@tty1.service',
        slice: 'system-getty.slice',
        cgroup: '/test/system.slice/system-getty.slice/getty@tty1.service',
      },
    ]);
  });

  it('knows where one will run that is named, and better where it does', () => {
    const units = new SystemdUnits({ hierarchy: { number: 0, directory }, below: '/test' });
    units.expect(['a.service']);
    expect(units.all()).toEqual([
      { name: 'a.service', slice: 'system.slice', cgroup: '/test/system.slice/a.service' },
    ]);
    mkdirSync(join(directory, 'test/web.slice/a.service'), { recursive: true });
    expect(units.all()).toEqual([
      { name: 'a.service', slice: 'web.slice', cgroup: '/test/web.slice/a.service' },
    ]);
  });
});
