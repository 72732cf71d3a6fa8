import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, open, openFlags } from '@kubearmor/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RootResolver } from './root-resolver.js';

describe('RootResolver', () => {
  let directory: string;
  let fd: number;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-root-'));
    mkdirSync(join(directory, 'usr/bin'), { recursive: true });
    symlinkSync('usr/bin', join(directory, 'bin'));
    writeFileSync(join(directory, 'usr/bin/busybox'), '');
    symlinkSync('/usr/bin/busybox', join(directory, 'usr/bin/sh'));
    const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
    fd = open(directory, O_PATH | O_CLOEXEC | O_DIRECTORY);
  });

  afterEach(() => {
    close(fd);
    rmSync(directory, { recursive: true });
  });

  it('lists what is in the standard directories with what it leads to, each directory once', () => {
    const names = new RootResolver(fd, directory).executables().map(({ name, target }) => [name, target]);
    expect(names.toSorted()).toEqual([
      ['/usr/bin/busybox', '/usr/bin/busybox'],
      ['/usr/bin/sh', '/usr/bin/busybox'],
    ]);
  });

  it('tells of every step of a list, so that whoever watches knows it is at work', () => {
    let steps = 0;
    const resolver = new RootResolver(fd, directory, () => {
      steps++;
    });
    expect(resolver.executables()).toHaveLength(2);
    expect(steps).toBe(2);
    resolver.executables();
    expect(steps).toBe(2);
  });
});
