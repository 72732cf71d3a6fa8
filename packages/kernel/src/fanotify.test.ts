import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAN_OPEN_EXEC_PERM,
  FAN_OPEN_PERM,
  flushFilesystemMarks,
  flushInodeMarks,
  ignoreInode,
  markFilesystem,
  openFanotify,
} from './fanotify.js';
import { FanotifyBatch, respond } from './fanotify-batch.js';
import { close, read } from './file-descriptor.js';
import { createDetachedMount } from './mount-api.js';
import { pollIn } from './poll.js';
import { readlinkPath } from './readlink.js';
import { isRoot } from './testing/machine.js';

function encodeEvent(fd: number, pid: number, mask: number): Buffer {
  const event = Buffer.alloc(24);
  event.writeUInt32LE(24, 0);
  event.writeUInt8(3, 4);
  event.writeUInt16LE(24, 6);
  event.writeUInt32LE(mask, 8);
  event.writeInt32LE(fd, 16);
  event.writeInt32LE(pid, 20);
  return event;
}

describe('FanotifyBatch', () => {
  const event = fc.record({ fd: fc.integer({ min: -1 }), pid: fc.nat(), mask: fc.nat() });

  it('yields the events of a read in their order, also when used again', () => {
    const batch = new FanotifyBatch();
    fc.assert(
      fc.property(fc.array(event), fc.nat(23), (events, extra) => {
        const bytes = Buffer.concat([
          ...events.map((e) => encodeEvent(e.fd, e.pid, e.mask)),
          Buffer.alloc(extra),
        ]);
        batch.reset(bytes, bytes.length);
        for (const expected of events) {
          expect(batch.next()).toBe(true);
          expect({ fd: batch.fd, pid: batch.pid, mask: batch.mask }).toEqual(expected);
        }
        expect(batch.next()).toBe(false);
      }),
    );
  });

  it('stops at bytes that are no events', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const batch = new FanotifyBatch();
        batch.reset(bytes, bytes.length);
        let count = 0;
        while (batch.next()) count++;
        expect(count * 24).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

// Marks only a tmpfs that is mounted nowhere; the opener reaches it through our descriptor.
describe.skipIf(!isRoot)('a fanotify group (needs root)', () => {
  it('denies one open, allows another, and is silent about an ignored inode', async () => {
    const root = createDetachedMount('tmpfs');
    const path = `/proc/${process.pid}/fd/${root}/file`;
    writeFileSync(path, 'content');
    const group = openFanotify({ class: 'content', reportTid: true });
    markFilesystem(group, FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM, root, 'add');
    const answers: string[] = [];
    expect(
      await cat(path, () => {
        answerNext(group, false, answers);
      }),
    ).not.toBe(0);
    expect(
      await cat(path, () => {
        answerNext(group, true, answers);
      }),
    ).toBe(0);
    expect(answers).toEqual(['/file', '/file']);
    expect(ignoreInode(group, FAN_OPEN_PERM, path)).toBe(0);
    expect(await cat(path, () => pollIn(group, 0))).toBe(0);
    flushInodeMarks(group);
    expect(
      await cat(path, () => {
        answerNext(group, false, answers);
      }),
    ).not.toBe(0);
    flushFilesystemMarks(group);
    close(group);
    close(root);
  });

  it('says what it could not mark', () => {
    const group = openFanotify();
    expect(() => {
      markFilesystem(group, FAN_OPEN_PERM, '/nowhere', 'add');
    }).toThrow(/fanotify_mark add 0x10000 on \/nowhere: ENOENT/u);
    expect(respond(group, 9999, true)).toBe(-2);
    close(group);
  });
});

async function cat(path: string, whileRunning: () => unknown): Promise<number | null> {
  const child = spawn('cat', [path], { stdio: 'ignore' });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  whileRunning();
  return exited;
}

function answerNext(group: number, isAllowed: boolean, paths: string[]): void {
  const buffer = Buffer.alloc(4096);
  expect(pollIn(group, 5000)).toBe(1);
  const batch = new FanotifyBatch();
  batch.reset(buffer, read(group, buffer, buffer.length));
  while (batch.next()) {
    expect(batch.mask & FAN_OPEN_PERM).not.toBe(0);
    paths.push(readlinkPath(`/proc/self/fd/${batch.fd}`) ?? '');
    expect(respond(group, batch.fd, isAllowed)).toBe(8);
    close(batch.fd);
  }
}
