import { describe, expect, it } from 'vitest';
import { defaultSlice, unitCgroupPath, unitOfCgroup } from './unit-cgroup-path.js';

describe('unitCgroupPath', () => {
  it.each([
    ['system.slice', 'nginx.service', '/system.slice/nginx.service'],
    ['-.slice', 'nginx.service', '/nginx.service'],
    ['system-getty.slice', 'getty@tty1.service', '/system.slice/system-getty.slice/getty@tty1.service'],
    ['a-b-c.slice', 'x.service', '/a.slice/a-b.slice/a-b-c.slice/x.service'],
    ['system.slice', 'memory.service', '/system.slice/_memory.service'],
    ['system.slice', '_x.service', '/system.slice/__x.service'],
    ['system.slice', '.hidden.service', '/system.slice/_.hidden.service'],
  ])('puts in %s the unit %s', (slice, unit, path) => {
    expect(unitCgroupPath(slice, unit)).toBe(path);
    expect(unitOfCgroup(path.slice(path.lastIndexOf('/') + 1))).toBe(unit);
  });
});

describe('defaultSlice', () => {
  it.each([
    ['nginx.service', 'system.slice'],
    ['getty@tty1.service', 'system-getty.slice'],
    ['a-b@c-d.service', 'system-a\\x2db.slice'],
  ])('has %s in %s', (unit, slice) => {
    expect(defaultSlice(unit)).toBe(slice);
  });
});
