import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { close, open } from './file-descriptor.js';
import { errnoNumber } from './errno.js';
import { openFlags } from './open-flags.js';
import { openWithinMount } from './open-within-mount.js';
import { readlinkInto } from './readlink.js';

const { O_PATH, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW } = openFlags();
const directory = mkdtempSync(join(tmpdir(), 'kubearmor-within-'));
mkdirSync(join(directory, 'd'));
writeFileSync(join(directory, 'd/f'), '');
writeFileSync(Buffer.from(`${directory}/d/\xff`, 'latin1'), '');
symlinkSync('d', join(directory, 'link'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function openBelow(from: string, path: string): number {
  const dirFd = open(from, O_PATH | O_CLOEXEC | O_DIRECTORY);
  try {
    return openWithinMount(dirFd, path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
  } finally {
    close(dirFd);
  }
}

describe('openWithinMount', () => {
  it('opens what is below the directory', () => {
    const fd = openBelow(directory, 'd/f');
    expect(fd).toBeGreaterThanOrEqual(0);
    close(fd);
  });

  it('takes names byte for byte', () => {
    const fd = openBelow(directory, 'd/\xff');
    const target = Buffer.alloc(4096);
    const length = readlinkInto(`/proc/self/fd/${fd}`, target);
    close(fd);
    expect(target[length - 1]).toBe(0xff);
  });

  it('follows no link', () => {
    expect(openBelow(directory, 'link/f')).toBe(-errnoNumber('ELOOP'));
  });

  it('enters no other mount', () => {
    expect(openBelow('/', 'proc/self/status')).toBe(-errnoNumber('EXDEV'));
  });

  it('does not leave the directory', () => {
    expect(openBelow(join(directory, 'd'), '../d/f')).toBe(-errnoNumber('EXDEV'));
  });
});
