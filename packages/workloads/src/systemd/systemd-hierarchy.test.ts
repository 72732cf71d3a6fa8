import { parseMountinfo } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { chooseHierarchy } from './systemd-hierarchy.js';

const unified = '30 20 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw';
const named = '31 20 0:27 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd';
const memory = '32 20 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';

describe('chooseHierarchy', () => {
  it("takes systemd's own hierarchy where versions are mixed", () => {
    const cgroups = '3:memory:/\n1:name=systemd:/system.slice\n0::/system.slice\n';
    expect(chooseHierarchy(parseMountinfo([unified, memory, named].join('\n')), cgroups)).toEqual({
      number: 1,
      directory: '/sys/fs/cgroup/systemd',
    });
  });

  it('takes the unified one where that is all there is', () => {
    const mounts = parseMountinfo(unified);
    expect(chooseHierarchy(mounts, '0::/\n')).toEqual({ number: 0, directory: '/sys/fs/cgroup/unified' });
    expect(chooseHierarchy([], '0::/\n')).toBeUndefined();
  });
});
