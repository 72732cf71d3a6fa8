import { linkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT_FDCWD, close, open } from './file-descriptor.js';
import { findMountById, readMountinfo } from './mountinfo.js';
import { AT_SYMLINK_NOFOLLOW, fstatx, statxPath, StatxView } from './statx.js';
import { scratchDirectory } from './testing/machine.js';

describe('statx', () => {
  it('agrees with stat(2), by descriptor and by path', () => {
    using scratch = scratchDirectory();
    const path = join(scratch.path, 'file');
    writeFileSync(path, 'hello', { mode: 0o640 });
    linkSync(path, `${path}2`);
    const expected = statSync(path, { bigint: true });
    const view = new StatxView();
    const fd = open(path, 0);
    for (const result of [() => fstatx(fd, view), () => statxPath(AT_FDCWD, path, 0, view)]) {
      expect(result()).toBe(0);
      expect(view.ino).toBe(expected.ino);
      expect(BigInt(view.inoHigh) * 0x1_0000_0000n + BigInt(view.inoLow)).toBe(expected.ino);
      expect(view).toMatchObject({ size: 5, nlink: 2, isRegular: true, isDirectory: false });
      expect(view.mode).toBe(Number(expected.mode));
      expect([view.uid, view.gid]).toEqual([Number(expected.uid), Number(expected.gid)]);
      expect(view.mtimeNs).toBe(expected.mtimeNs);
      expect(view.ctimeNs).toBe(expected.ctimeNs);
    }
    close(fd);
  });

  it('finds the mount, and the device as the kernel numbers it', () => {
    const view = new StatxView();
    expect(statxPath(AT_FDCWD, '/proc', 0, view)).toBe(0);
    const mount = findMountById(readMountinfo(), view.mntId);
    expect(mount).toMatchObject({ mountPoint: '/proc', fsType: 'proc' });
    expect(view.dev).toBe((mount?.devMajor ?? 0) * 2 ** 20 + (mount?.devMinor ?? 0));
    expect(view.isDirectory).toBe(true);
  });

  it('returns -errno, and can look at a link itself', () => {
    using scratch = scratchDirectory();
    const view = new StatxView();
    const link = join(scratch.path, 'link');
    symlinkSync('nowhere', link);
    expect(statxPath(AT_FDCWD, link, 0, view)).toBe(-2);
    expect(statxPath(AT_FDCWD, link, AT_SYMLINK_NOFOLLOW, view)).toBe(0);
    expect(fstatx(9999, view)).toBe(-9);
  });
});
