import { describe, expect, it } from 'vitest';
import { addressOf } from './libc.js';
import { close } from './file-descriptor.js';
import { memfdCreate } from './memfd.js';
import { mmapShared, pageSize, unmap } from './mmap.js';
import { readMemory, readMemoryString } from './process-memory.js';
import { pidfdGetfd, pidfdOpen, pidfdSendSignal } from './pidfd.js';

describe('readMemory', () => {
  it('copies memory and strings of a process, this one too', () => {
    const text = Buffer.from('/etc/shadow\0more');
    const copy = new Uint8Array(4);
    expect(readMemory(process.pid, addressOf(text), copy, 4)).toBe(4);
    expect(Buffer.from(copy).toString()).toBe('/etc');
    expect(readMemoryString(process.pid, addressOf(text))).toBe('/etc/shadow');
    expect(readMemoryString(process.pid, addressOf(text), 4)).toBe('/etc');
    expect(readMemory(process.pid, 16n, copy, 4)).toBe(-14);
    expect(readMemoryString(process.pid, 16n)).toBeUndefined();
  });

  it('reads a string that ends where the memory ends, and one across a page border', () => {
    const size = pageSize() * 2;
    const fd = memfdCreate('string', size);
    const memory = mmapShared(fd, size);
    Buffer.from('end\0').copy(memory, size - 4);
    Buffer.from('across\0').copy(memory, pageSize() - 3);
    expect(readMemoryString(process.pid, addressOf(memory) + BigInt(size - 4))).toBe('end');
    expect(readMemoryString(process.pid, addressOf(memory) + BigInt(pageSize() - 3))).toBe('across');
    unmap(memory);
    close(fd);
  });
});

describe('pidfd', () => {
  it('signals a process, takes its descriptors, and says when it is gone', () => {
    const pidfd = pidfdOpen(process.pid);
    expect(pidfd).toBeGreaterThan(0);
    expect(pidfdSendSignal(pidfd, 0)).toBe(0);
    expect(close(pidfdGetfd(pidfd, pidfd))).toBe(0);
    expect(() => pidfdGetfd(pidfd, 99_999)).toThrow(/pidfd_getfd descriptor 99999/u);
    close(pidfd);
    expect(pidfdOpen(0x3fff_ffff)).toBe(-3);
  });
});
