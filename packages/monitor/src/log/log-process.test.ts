import { describe, expect, it } from 'vitest';
import { EventReader } from '../event-reader.js';
import { ProcessTree } from '../process/process-tree.js';
import { MemorySource } from '../testing/memory-source.js';
import { encodeExec, encodeFork, toBatch } from '../testing/record.js';
import { logProcessOf } from './log-process.js';

const SHA256 = 4;

describe('logProcessOf', () => {
  it('has the hashes of what runs, where the kernel has made some', () => {
    const hash = Buffer.alloc(68);
    hash.writeUInt32LE(SHA256, 0);
    hash.fill(0xab, 4, 36);
    const reader = new EventReader(new ProcessTree(new MemorySource()));
    const hashes: unknown[] = [];
    const records = [
      encodeExec({ pid: 10, startNs: 1n }, { path: '/usr/bin/bash', argv: ['bash'] }, { hash }),
      encodeFork({ pid: 11, startNs: 2n, parent: 10 }, { parentStartNs: 1n }),
      encodeExec({ pid: 11, startNs: 2n }, { path: '/usr/bin/dash', argv: ['sh'] }, { hash }),
      encodeExec({ pid: 11, startNs: 2n }, { path: '/usr/bin/true', argv: ['true'] }),
    ];
    reader.read(toBatch(records), ({ view, process }) => {
      const { ProcessHash, ParentHash, HashAlgo } = logProcessOf(process, view, undefined);
      hashes.push([ProcessHash, ParentHash, HashAlgo]);
    });
    const digest = 'ab'.repeat(32);
    expect(hashes).toEqual([
      [digest, undefined, 'sha256'],
      [digest, digest, 'sha256'],
      [digest, digest, 'sha256'],
      [undefined, undefined, undefined],
    ]);
  });
});
