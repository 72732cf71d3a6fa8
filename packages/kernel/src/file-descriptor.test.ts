import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  close,
  createEventFd,
  duplicate,
  open,
  openAt,
  pread,
  read,
  setCloseOnExec,
  setNonBlocking,
  signalEventFd,
  write,
} from './file-descriptor.js';
import { memfdCreate, sealMemfd } from './memfd.js';
import { mmapShared, unmap } from './mmap.js';
import { openFlags } from './open-flags.js';
import { openInRoot } from './open-in-root.js';
import { pollIn, pollMany, PollSet } from './poll.js';
import { readFileAt, readFileOnce, readTextAt } from './read-file.js';
import { readlinkInto, readlinkPath } from './readlink.js';
import { scratchDirectory } from './testing/machine.js';

const EBADF = 9;

function flagsOf(fd: number): number {
  return Number.parseInt(
    /flags:\s+(\d+)/u.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0',
    8,
  );
}

describe('read, write and close', () => {
  it('move bytes and return -errno', () => {
    using scratch = scratchDirectory();
    const path = join(scratch.path, 'file');
    const fd = open(path, openFlags().O_RDWR | openFlags().O_CREAT | openFlags().O_CLOEXEC, 0o600);
    const buffer = new Uint8Array(8);
    expect(write(fd, Buffer.from('hello'), 5)).toBe(5);
    expect(pread(fd, buffer, 8, 1)).toBe(4);
    expect(Buffer.from(buffer).toString('utf8', 0, 4)).toBe('ello');
    expect(read(fd, buffer, 8)).toBe(0);
    expect(close(fd)).toBe(0);
    expect(close(fd)).toBe(-EBADF);
    expect(read(fd, buffer, 8)).toBe(-EBADF);
    expect(open(join(scratch.path, 'none'), 0)).toBe(-2);
  });
});

describe('descriptor flags', () => {
  it('set and clear close-on-exec and non-blocking', () => {
    const fd = duplicate(memfdCreate('flags'));
    setCloseOnExec(fd, false);
    setNonBlocking(fd, true);
    expect(flagsOf(fd) & openFlags().O_CLOEXEC).toBe(0);
    expect(flagsOf(fd) & openFlags().O_NONBLOCK).not.toBe(0);
    setCloseOnExec(fd, true);
    expect(flagsOf(fd) & openFlags().O_CLOEXEC).not.toBe(0);
    close(fd);
    expect(() => {
      setCloseOnExec(fd, true);
    }).toThrow(/fcntl F_GETFD \d+: EBADF/u);
  });
});

describe('poll', () => {
  it('tells readable, timeout and failure apart', () => {
    const first = createEventFd();
    const second = createEventFd();
    const set = new PollSet([first, second]);
    expect(pollIn(first, 0)).toBe(0);
    expect(pollMany(set, 0)).toBe(0);
    signalEventFd(second);
    expect(pollIn(second, 1000)).toBe(1);
    expect(pollMany(set, 1000)).toBe(1);
    expect([set.isReady(0), set.isReady(1)]).toEqual([false, true]);
    close(first);
    close(second);
  });
});

describe('readFileAt', () => {
  it('reads files whose size is not known, and any size', () => {
    using scratch = scratchDirectory();
    const large = join(scratch.path, 'large');
    writeFileSync(large, 'x'.repeat(300_000));
    expect(readFileAt(large)?.length).toBe(300_000);
    expect(readTextAt('/proc/self/comm')).toBe(readFileSync('/proc/self/comm', 'utf8'));
    expect(readFileOnce('/proc/self/comm')?.length).toBeGreaterThan(0);
    expect(readFileAt('/proc/self/none')).toBeUndefined();
    expect(readFileOnce('/proc/self/none')).toBeUndefined();
  });
});

describe('readlink', () => {
  it('reads targets, and -errno for what is no link', () => {
    expect(readlinkPath('/proc/self/exe')).toBe(readlinkSync('/proc/self/exe'));
    expect(readlinkPath('/proc/self/none')).toBeUndefined();
    expect(readlinkInto('/proc/self/comm', new Uint8Array(16))).toBe(-22);
    expect(readlinkInto('/proc/self/exe', new Uint8Array(4))).toBe(4);
  });
});

describe('mmapShared', () => {
  it('shares memory between mappings and empties a view that is unmapped', () => {
    const fd = memfdCreate('shared', 8192);
    const writable = mmapShared(fd, 8192);
    const readable = mmapShared(fd, 4096, { readOnly: true, offset: 4096 });
    writable[4100] = 7;
    expect(readable[4]).toBe(7);
    unmap(writable);
    unmap(writable);
    expect(writable.length).toBe(0);
    unmap(readable);
    sealMemfd(fd);
    expect(write(fd, new Uint8Array(1), 1)).toBe(-1);
    close(fd);
    expect(() => mmapShared(fd, 4096)).toThrow(/mmap fd \d+, 4096 bytes at 0: EBADF/u);
  });
});

describe('openInRoot', () => {
  it('keeps links inside the directory', () => {
    using scratch = scratchDirectory();
    writeFileSync(join(scratch.path, 'passwd'), 'inside');
    const root = openAt(-100, scratch.path, openFlags().O_PATH | openFlags().O_DIRECTORY);
    const fd = openInRoot(root, '/../../passwd', 0);
    const buffer = Buffer.alloc(16);
    expect(buffer.toString('utf8', 0, read(fd, buffer, 16))).toBe('inside');
    expect(openInRoot(root, '/etc/hosts', 0)).toBe(-2);
    close(fd);
    close(root);
  });
});
