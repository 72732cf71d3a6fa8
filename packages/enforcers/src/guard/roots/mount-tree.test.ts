import { parseMountinfo } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { isUnder, MountTree, nameIn, pathBelow, pathWithin } from './mount-tree.js';

const TABLE = `10 1 0:50 / / rw - overlay overlay rw
11 10 0:51 / /dev rw - tmpfs tmpfs rw
12 11 0:52 / /dev/shm rw - tmpfs tmpfs rw
13 10 8:1 /srv/data /data rw - ext4 /dev/sda rw
14 10 0:50 /etc /mnt/etc rw - overlay overlay rw
15 11 0:53 / /dev/shm rw - tmpfs tmpfs rw
`;
const mountOf = (line: string) => {
  const [mount] = parseMountinfo(`${line}\n`);
  return mount ?? expect.fail('the line is no mount');
};
const idsOf = (mounts: Iterable<{ readonly id: number }>) => [...mounts].map(({ id }) => id);

describe('MountTree', () => {
  const tree = new MountTree(parseMountinfo(TABLE));

  it('finds the mounts that a path may lead through, what hides before what is hidden', () => {
    expect(idsOf(tree.covering('/dev/shm/a'))).toEqual([15, 12, 11, 10]);
    expect(idsOf(tree.covering('/dev/shmem'))).toEqual([11, 10]);
    expect(idsOf(tree.covering('/data'))).toEqual([13, 10]);
  });

  it('finds the mounts that show a path of a file system', () => {
    const late = mountOf('30 29 0:50 / /x rw - overlay o rw');
    expect(idsOf(tree.showing(late, '/etc/shadow'))).toEqual([10, 14]);
    expect(idsOf(tree.showing(late, '/usr'))).toEqual([10]);
    expect(idsOf(tree.showing(mountOf('30 29 8:1 /srv /x rw - ext4 e rw'), '/srv/other'))).toEqual([]);
  });

  it('tells file systems of its own from others', () => {
    expect(tree.sharesFileSystem(mountOf('30 29 8:1 /srv /x rw - ext4 e rw'))).toBe(true);
    expect(tree.sharesFileSystem(mountOf('30 29 0:99 / /x rw - tmpfs t rw'))).toBe(false);
  });

  it('knows its mounts by their ids', () => {
    expect(tree.byId(13)?.mountPoint).toBe('/data');
    expect(tree.byId(0)).toBeUndefined();
    expect(tree.byId(99)).toBeUndefined();
  });
});

describe('names of a mount', () => {
  for (const [line, name, inFileSystem, within] of [
    ['10 1 0:50 / / rw - overlay o rw', '/etc/shadow', '/etc/shadow', '/etc/shadow'],
    ['10 1 0:50 / / rw - overlay o rw', '/', '/', '/'],
    ['10 1 0:50 /etc /mnt rw - overlay o rw', '/mnt/shadow', '/etc/shadow', '/shadow'],
    ['10 1 0:50 /etc /mnt rw - overlay o rw', '/mnt', '/etc', '/'],
    ['10 1 0:50 / /mnt rw - overlay o rw', '/mnt', '/', '/'],
    ['10 1 0:50 / /mnt rw - overlay o rw', '/mnt/etc', '/etc', '/etc'],
    ['10 1 0:50 /jail / rw - overlay o rw', '/etc/shadow', '/jail/etc/shadow', '/etc/shadow'],
    ['10 1 0:50 /etc/shadow /tmp/f rw - overlay o rw', '/tmp/f', '/etc/shadow', '/'],
  ] as const) {
    it(`finds ${name} through "${line}"`, () => {
      const mount = mountOf(line);
      expect(pathBelow(mount, name)).toBe(inFileSystem);
      expect(nameIn(mount, inFileSystem)).toBe(name);
      expect(pathWithin(mount, inFileSystem)).toBe(within);
    });
  }

  it('takes a directory for being below itself, and no name that only begins alike', () => {
    expect(isUnder('/etc', '/etc')).toBe(true);
    expect(isUnder('/etc', '/etcetera')).toBe(false);
    expect(isUnder('/', '/x')).toBe(true);
  });
});
