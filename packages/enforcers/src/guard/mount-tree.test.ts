import { parseMountinfo } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { MountTree, pathBelow } from './mount-tree.js';

const TABLE = `10 1 0:50 / / rw - overlay overlay rw
11 10 0:51 / /dev rw - tmpfs tmpfs rw
12 11 0:52 / /dev/shm rw - tmpfs tmpfs rw
13 10 8:1 /srv/data /data rw - ext4 /dev/sda rw
`;
const own = parseMountinfo(TABLE);
const mountOf = (line: string) => {
  const [mount] = parseMountinfo(`${line}\n`);
  return mount ?? expect.fail('the line is no mount');
};

describe('MountTree', () => {
  const tree = new MountTree(-1, own);

  it('knows its root mount', () => {
    expect(tree.isRootMount(10)).toBe(true);
    expect(tree.isRootMount(11)).toBe(false);
    expect(tree.isRootMount(0)).toBe(false);
  });

  for (const [line, used, inRoot] of [
    ['30 29 0:50 /etc /mnt rw - overlay o rw', '/mnt/shadow', '/etc/shadow'],
    ['30 29 0:50 / / rw - overlay o rw', '/etc/shadow', '/etc/shadow'],
    ['30 29 0:50 /jail / rw - overlay o rw', '/etc/shadow', '/jail/etc/shadow'],
    ['30 29 0:52 / /x rw - tmpfs t rw', '/x/a', '/dev/shm/a'],
    ['30 29 8:1 /srv/data/a /x rw - ext4 e rw', '/x/b', '/data/a/b'],
    ['30 29 8:1 /srv /x rw - ext4 e rw', '/x/other', undefined],
    ['30 29 0:99 / /x rw - tmpfs t rw', '/x/a', undefined],
    ['30 29 0:50 /etc/shadow /tmp/f rw - overlay o rw', '/tmp/f', '/etc/shadow'],
  ] as const) {
    it(`finds ${used} through "${line}"`, () => {
      expect(tree.pathInRoot(mountOf(line), used)).toBe(inRoot);
    });
  }

  it('finds the path in the file system of what the root names', () => {
    expect(tree.pathInFileSystem('/etc/shadow')).toBe('/etc/shadow');
    expect(tree.pathInFileSystem('/dev/shm/a')).toBe('/a');
    expect(tree.pathInFileSystem('/data/x')).toBe('/srv/data/x');
  });

  it('gives what is beyond a bind mount the name that it had before', () => {
    const bound = parseMountinfo(`${TABLE}14 10 0:50 /etc /mnt rw - overlay overlay rw\n`);
    const withBind = new MountTree(-1, bound);
    expect(withBind.firstName('/mnt/shadow')).toBe('/etc/shadow');
    expect(withBind.firstName('/etc/shadow')).toBe('/etc/shadow');
    expect(withBind.firstName('/dev/shm/a')).toBe('/dev/shm/a');
    expect(withBind.firstName('/data/x')).toBe('/data/x');
  });

  it('finds the path below one mount', () => {
    expect(pathBelow(mountOf('30 29 0:50 /etc /mnt rw - overlay o rw'), '/mnt')).toBe('/etc');
  });
});
