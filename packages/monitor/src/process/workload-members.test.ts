import { describe, expect, it } from 'vitest';
import { EventReader } from '../event-reader.js';
import { KIND } from '../record/layout.js';
import { MemorySource } from '../testing/memory-source.js';
import { encodeExec, encodeExit, encodeFork, encodeRecord, toBatch } from '../testing/record.js';
import { ProcessTree } from './process-tree.js';

const WORKLOAD = 7;
const TICK_NS = 10_000_000n;
// More than 32 bits of nanoseconds since boot.
const LATER = 1000n * TICK_NS;

interface Bench {
  readonly source: MemorySource;
  readonly tree: ProcessTree;
  readonly play: (...records: Buffer[]) => void;
  readonly sessionOf: (pid: number) => string | undefined;
}

// A workload whose first process is 10.
function setUp(): Bench {
  const source = new MemorySource();
  const tree = new ProcessTree(source);
  const reader = new EventReader(tree);
  const play = (...records: Buffer[]): void => {
    reader.read(toBatch(records), () => undefined);
  };
  source.add({ pid: 10, startTicks: 5 });
  play(exec(10, 5n * TICK_NS));
  return { source, tree, play, sessionOf: (pid) => tree.get(pid)?.execId };
}

function exec(pid: number, startNs: bigint, workload = WORKLOAD): Buffer {
  return encodeExec({ pid, startNs, parent: 1, workload }, { path: `/bin/${pid}`, argv: [`${pid}`] });
}

function call(pid: number, startNs: bigint, workload = WORKLOAD): Buffer {
  return encodeRecord({ kind: KIND.call, call: 1, pid, startNs, parent: 1, workload });
}

function fork(pid: number, parent: number, parentStartNs: bigint): Buffer {
  return encodeFork({ pid, startNs: BigInt(pid), parent, workload: WORKLOAD }, { parentStartNs });
}

describe('WorkloadMembers', () => {
  it('has no session for the first process of a workload and what it makes', () => {
    const { play, sessionOf } = setUp();
    play(fork(11, 10, 5n * TICK_NS));
    expect([sessionOf(10), sessionOf(11)]).toEqual(['0', '0']);
  });

  it('begins a session with a process that comes from outside, for all that it makes', () => {
    const { source, play, sessionOf } = setUp();
    source.add({ pid: 20, startTicks: 1000 });
    play(exec(20, LATER), fork(21, 20, LATER), exec(21, 21n), fork(22, 21, 21n));
    const session = String(LATER | 20n);
    expect(BigInt(session)).toBeGreaterThan(0xffff_ffffn);
    expect([20, 21, 22].map(sessionOf)).toEqual([session, session, session]);
    expect(sessionOf(10)).toBe('0');
  });

  it('begins another one with each such process', () => {
    const { source, play, sessionOf } = setUp();
    source.add({ pid: 20, startTicks: 1000 });
    source.add({ pid: 30, startTicks: 2000 });
    play(call(20, LATER), call(30, 2n * LATER));
    expect(sessionOf(20)).not.toBe(sessionOf(30));
  });

  it('knows a workload that has ended and begins again', () => {
    const { source, play, sessionOf } = setUp();
    play(encodeExit({ pid: 10, startNs: 5n * TICK_NS, workload: WORKLOAD }));
    source.add({ pid: 20, startTicks: 1000 });
    play(exec(20, LATER));
    expect(sessionOf(20)).toBe('0');
  });

  it('begins none with processes that were there before', () => {
    const { source, tree, play, sessionOf } = setUp();
    for (const pid of [20, 30]) source.add({ pid, startTicks: 1000 });
    tree.adopt(20, WORKLOAD);
    tree.adopt(30);
    tree.settle(WORKLOAD, (pid) => (pid === 30 ? WORKLOAD : undefined));
    play(call(20, LATER), call(30, LATER));
    expect([sessionOf(20), sessionOf(30)]).toEqual(['0', '0']);
  });

  it('has none on the host', () => {
    const { source, play, sessionOf } = setUp();
    for (const pid of [20, 30]) source.add({ pid, startTicks: 1000 });
    play(call(20, LATER, 0), call(30, LATER, 0));
    expect([sessionOf(20), sessionOf(30)]).toEqual(['0', '0']);
  });

  it('begins one with a process of the host that enters', () => {
    const { source, play, sessionOf } = setUp();
    source.add({ pid: 20, startTicks: 1000 });
    play(call(20, LATER, 0), call(20, LATER));
    expect(sessionOf(20)).toBe(String(LATER | 20n));
  });
});
