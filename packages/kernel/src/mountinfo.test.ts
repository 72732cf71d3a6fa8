import { describe, expect, it } from 'vitest';
import { findMountAt, findMountById, parseMountinfo, readMountinfo } from './mountinfo.js';

describe('parseMountinfo', () => {
  it('reads optional fields and octal escapes', () => {
    const mounts = parseMountinfo(
      '36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n' +
        '37 36 0:5 / /mnt\\0402 rw - overlay overlay rw,lowerdir=/a\\054b\nnot a mount\n',
    );
    expect(mounts).toHaveLength(2);
    expect(mounts[0]).toEqual({
      id: 36,
      parentId: 35,
      devMajor: 98,
      devMinor: 0,
      root: '/mnt1',
      mountPoint: '/mnt 2',
      options: ['rw', 'noatime'],
      fsType: 'ext3',
      source: '/dev/root',
      superOptions: ['rw', 'errors=continue'],
    });
    expect(findMountAt(mounts, '/mnt 2')?.id).toBe(37);
    expect(findMountById(mounts, 36)?.fsType).toBe('ext3');
    expect(findMountById(mounts, 1)).toBeUndefined();
  });

  it('finds the mounts of this process, and none of one that is gone', () => {
    expect(findMountAt(readMountinfo(), '/proc')?.fsType).toBe('proc');
    expect(readMountinfo(0x3fff_ffff)).toEqual([]);
  });
});
