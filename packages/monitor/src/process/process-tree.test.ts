import { forEachRecord } from '@kubearmor/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from '../event-reader.js';
import { KIND } from '../record/layout.js';
import { MemorySource } from '../testing/memory-source.js';
import { encodeExec, encodeExit, encodeFork, encodeRecord, toBatch } from '../testing/record.js';
import { EventView } from '../record/event-view.js';
import { ProcessTree } from './process-tree.js';

const TICK_NS = 10_000_000n;

function setUp(): { source: MemorySource; tree: ProcessTree; play: (...records: Buffer[]) => void } {
  const source = new MemorySource();
  const tree = new ProcessTree(source);
  const reader = new EventReader(tree);
  const play = (...records: Buffer[]): void => {
    reader.read(toBatch(records), () => undefined);
    expect(reader.invalidRecords).toBe(0);
  };
  return { source, tree, play };
}

function callOf(pid: number, startNs: bigint, parent = 1): Buffer {
  return encodeRecord({ kind: KIND.call, call: 1, pid, startNs, parent });
}

describe('ProcessTree', () => {
  it('follows forks and execs', () => {
    const { source, tree, play } = setUp();
    source.add({ pid: 10, exe: '/bin/bash', argv: ['bash'], cwd: '/root', tty: 'pts0', startTicks: 5 });
    tree.seed();
    play(encodeFork({ pid: 11, startNs: 99n * TICK_NS, parent: 10 }, { parentStartNs: 5n * TICK_NS + 7n }));
    const forked = tree.get(11);
    expect(forked).toMatchObject({ cwd: '/root', tty: 'pts0', parentPid: 10 });
    expect(forked?.image).toBe(tree.get(10)?.image);

    play(
      encodeExec(
        { pid: 11, startNs: 99n * TICK_NS, parent: 10 },
        { path: '/usr/bin/cat', argv: ['cat', '/etc/passwd'], cwd: '/tmp', tty: 'pts1' },
        { innerPid: 4, innerParent: 3, pidNamespace: 77 },
      ),
    );
    expect(tree.get(11)).toBe(forked);
    expect(forked).toMatchObject({
      cwd: '/tmp',
      tty: 'pts1',
      innerPid: 4,
      innerParent: 3,
      ancestors: [{ pid: 10, exe: '/bin/bash' }],
      image: { exe: '/usr/bin/cat', commandLine: '/usr/bin/cat /etc/passwd', comm: 'cat' },
      parentImage: { exe: '/bin/bash' },
    });
  });

  it('forgets a process at its exit, and not at that of another with its id', () => {
    const { tree, play } = setUp();
    play(encodeFork({ pid: 11, startNs: 1n }), encodeFork({ pid: 11, startNs: 2n }));
    play(encodeExit({ pid: 11, startNs: 1n }));
    expect(tree.get(11)?.startNs).toBe(2);
    play(encodeExit({ pid: 11, startNs: 2n }));
    expect(tree.get(11)).toBeUndefined();
  });

  it('takes a process with a used id for another one', () => {
    const { tree, play } = setUp();
    play(
      encodeFork({ pid: 11, startNs: 1n }),
      encodeExec({ pid: 11, startNs: 1n }, { path: '/bin/old', argv: ['old'] }),
      // Its exit was lost.
      encodeFork({ pid: 11, startNs: 2n }),
    );
    expect(tree.get(11)?.image.exe).toBe('');
    play(callOf(11, 3n));
    expect(tree.get(11)?.startNs).toBe(3);
  });

  it('reads a process from /proc once, when its beginning was not seen', () => {
    const { source, tree, play } = setUp();
    source.add({ pid: 11, exe: '/bin/daemon', startTicks: 3 });
    play(callOf(11, 3n * TICK_NS + 5n), callOf(11, 3n * TICK_NS + 5n));
    expect(tree.get(11)).toMatchObject({ image: { exe: '/bin/daemon' }, startNs: 30_000_005, isExact: true });
    expect(source.reads).toBe(1);
  });

  it('does not take another process in /proc for the one of a record', () => {
    const { source, tree, play } = setUp();
    source.add({ pid: 11, exe: '/bin/later', startTicks: 9 });
    play(callOf(11, 3n * TICK_NS));
    expect(tree.get(11)?.image.exe).toBe('');
  });

  it('knows a process that was taken in before it ended', () => {
    const { source, tree, play } = setUp();
    source.add({ pid: 11, exe: '/bin/short', startTicks: 3 });
    tree.adopt(11);
    source.remove(11);
    play(callOf(11, 3n * TICK_NS));
    expect(tree.get(11)?.image.exe).toBe('/bin/short');
  });

  it('keeps a bounded lineage, also of those that are gone', () => {
    const { tree, play } = setUp();
    for (let pid = 100; pid < 200; pid++) {
      play(encodeFork({ pid, startNs: BigInt(pid), parent: pid - 1 }, { parentStartNs: BigInt(pid - 1) }));
      play(encodeExec({ pid, startNs: BigInt(pid) }, { path: `/bin/${pid}`, argv: [] }));
      play(encodeExit({ pid: pid - 1, startNs: BigInt(pid - 1) }));
    }
    expect(tree.size).toBe(1);
    const { ancestors } = tree.get(199) ?? { ancestors: [] };
    expect(ancestors).toHaveLength(16);
    expect(ancestors[0]).toEqual({ pid: 198, exe: '/bin/198' });
    expect(ancestors[15]).toEqual({ pid: 183, exe: '/bin/183' });
  });

  it('finds processes by the ids that they have inside', () => {
    const { tree, play } = setUp();
    play(encodeFork({ pid: 500, startNs: 1n }, { innerPid: 1, pidNamespace: 8 }));
    play(encodeFork({ pid: 501, startNs: 1n }, { innerPid: 501, pidNamespace: 7 }));
    expect(tree.findInner(8, 1)?.pid).toBe(500);
    expect(tree.findInner(7, 501)?.pid).toBe(501);
    expect(tree.findInner(8, 501)).toBeUndefined();
  });

  it('forgets those that are gone without a record', () => {
    const { source, tree, play } = setUp();
    play(encodeFork({ pid: 11, startNs: 1n }), encodeFork({ pid: 12, startNs: 1n }));
    source.add({ pid: 12 });
    tree.sweep();
    expect([tree.get(11), tree.get(12)?.pid]).toEqual([undefined, 12]);
  });

  it('has a process for every record, whatever was lost', () => {
    const record = fc.record({
      kind: fc.constantFrom('fork', 'exec', 'exit', 'call'),
      pid: fc.integer({ min: 1, max: 6 }),
      parent: fc.integer({ min: 1, max: 6 }),
      startNs: fc.bigInt({ min: 1n, max: 4n }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), (records) => {
        const tree = new ProcessTree(new MemorySource());
        const reader = new EventReader(tree);
        const encoded = records.map(({ kind, pid, parent, startNs }) => {
          if (kind === 'fork') return encodeFork({ pid, parent, startNs }, { parentStartNs: startNs });
          if (kind === 'exec') return encodeExec({ pid, parent, startNs }, { path: `/bin/${pid}`, argv: [] });
          return kind === 'exit' ? encodeExit({ pid, startNs }) : callOf(pid, startNs, parent);
        });
        const seen: string[] = [];
        reader.read(toBatch(encoded), ({ view, process }) => {
          expect(process.pid).toBe(view.pid);
          expect(process.startNs).toBe(view.startNs);
          seen.push(`${view.pid}`);
        });
        expect(seen).toEqual(records.map(({ pid }) => `${pid}`));
        expect(tree.size).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('ignores records that are none', () => {
    const reader = new EventReader(new ProcessTree(new MemorySource()));
    reader.read(
      toBatch([Buffer.alloc(3), encodeRecord({ kind: 99 }), encodeRecord({ kind: KIND.call })]),
      () => {
        expect.unreachable();
      },
    );
    expect(reader.invalidRecords).toBe(3);
    forEachRecord(toBatch([]), () => expect.unreachable());
    expect(new EventView().pid).toBe(0);
  });
});
