import type { MountEntry } from '@kubearmor/kernel/launch';
import { describe, expect, it } from 'vitest';
import { diskSubmounts } from './disk-submounts.js';

const entry = (mountPoint: string, fsType: string): MountEntry => ({
  id: 1,
  parentId: 0,
  devMajor: 8,
  devMinor: 1,
  root: '/',
  mountPoint,
  options: [],
  fsType,
  source: 'x',
  superOptions: [],
});

describe('diskSubmounts', () => {
  it('lists what is on disks of its own, each once and parents first', () => {
    const mounts = [
      entry('/', 'ext4'),
      entry('/usr/local', 'xfs'),
      entry('/usr', 'ext4'),
      entry('/usr', 'ext4'),
    ];
    expect(diskSubmounts(mounts)).toEqual(['/usr', '/usr/local']);
  });

  it('leaves out what a scope makes itself or does not take over', () => {
    const mounts = [
      entry('/proc', 'proc'),
      entry('/run/media/disk', 'ext4'),
      entry('/tmp', 'ext4'),
      entry('/mnt/share', 'nfs4'),
      entry('/dev/shm', 'tmpfs'),
      entry('/runner', 'ext4'),
    ];
    expect(diskSubmounts(mounts)).toEqual(['/runner']);
  });
});
