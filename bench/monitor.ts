// What the monitor costs: events per second and busy core from the ring to composed logs, and nanoseconds added to a call
// of a watched and of an unwatched task. Prints JSON; needs root. Run with `node bench/monitor.ts`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RingReader } from '@kubearmor/kernel';
import {
  EventReader,
  EVERYTHING,
  KernelTime,
  LogComposer,
  Monitor,
  MonitorPrograms,
  ProcessTree,
  ProcSource,
} from '@kubearmor/monitor';
import { createSystemClock } from '@kubearmor/service';
import type { LogEvent, LogWorkload } from '@kubearmor/telemetry';

const root = join(import.meta.dirname, '..');
const objects = join(root, 'build/bpf');
const program = join(root, 'build/bench/repeat');
const WORKLOAD = 9;
const ROUNDS = 5;
const RING_BYTES = 64 * 1024 * 1024;
const workload: LogWorkload = { Type: 'ContainerLog', ContainerName: 'bench' };

function label(programs: MonitorPrograms, pid: number): void {
  const value = new Uint8Array(24);
  new DataView(value.buffer).setUint32(0, WORKLOAD, true);
  programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), value);
}

/** Runs the load once; nanoseconds per turn. */
async function repeat(
  kind: string,
  count: number,
  path: string,
  prepare: (pid: number) => void,
): Promise<number> {
  const child = spawn(program, [kind, String(count), path], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close');
  prepare(child.pid ?? 0);
  child.stdin.end('go\n');
  await closed;
  return Number(text);
}

interface Throughput {
  readonly events: number;
  readonly bytesPerEvent: number;
  readonly eventsPerCoreSecond: number;
}

/** Fills a ring, then reads it whole in this thread: from the ring to composed logs. */
async function throughput(path: string): Promise<Throughput> {
  using programs = MonitorPrograms.load({ objects, ringBytes: RING_BYTES });
  const reader = new EventReader(new ProcessTree(new ProcSource()));
  const time = new KernelTime(createSystemClock());
  const composer = new LogComposer({
    workloadOf: () => workload,
    time,
    tree: reader.tree,
    calls: reader.calls,
  });
  programs.watch(WORKLOAD, EVERYTHING);
  programs.attach();
  using ring = RingReader.open(programs.ringFd, programs.ringBytes);
  let events = 0;
  let bytes = 0;
  let busyUs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await repeat('open', 200_000, path, (pid) => {
      label(programs, pid);
      reader.tree.adopt(pid);
    });
    const before = process.cpuUsage();
    for (let batch = ring.copyBatch(262_144); batch !== undefined; batch = ring.copyBatch(262_144)) {
      time.refresh();
      const logs: LogEvent[] = [];
      reader.read(batch, (event) => {
        composer.compose(event, logs);
      });
      // The first round warms up.
      if (round === 0) continue;
      events += logs.length;
      bytes += batch.buffer.byteLength;
    }
    const used = process.cpuUsage(before);
    if (round > 0) busyUs += used.user + used.system;
  }
  return {
    events,
    bytesPerEvent: Math.round(bytes / events),
    eventsPerCoreSecond: Math.round((events / busyUs) * 1e6),
  };
}

interface Cost {
  readonly offNs: number;
  readonly unwatchedNs: number;
  readonly watchedNs: number;
  readonly unwatchedRatio: number;
  readonly watchedRatio: number;
}

/** The fastest of some rounds of each kind, taken in turn so that what else the machine does meets all alike. */
async function costs(kind: string, count: number, path: string): Promise<Cost> {
  const best = { off: Infinity, unwatched: Infinity, watched: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    best.off = Math.min(best.off, await repeat(kind, count, path, () => undefined));
    await using monitor = Monitor.start(
      { clock: createSystemClock(), workloadOf: () => workload },
      { objects, ringBytes: RING_BYTES },
    );
    monitor.watch(WORKLOAD, EVERYTHING);
    best.unwatched = Math.min(best.unwatched, await repeat(kind, count, path, () => undefined));
    // Nobody reads meanwhile: what is measured is the kernel's side, and the ring has room for it.
    const watched = await repeat(kind, count, path, (pid) => {
      label(monitor.programs, pid);
    });
    best.watched = Math.min(best.watched, watched);
  }
  const ratio = (ns: number): number => Math.round((ns / best.off) * 100) / 100;
  return {
    offNs: best.off,
    unwatchedNs: best.unwatched,
    watchedNs: best.watched,
    unwatchedRatio: ratio(best.unwatched),
    watchedRatio: ratio(best.watched),
  };
}

mkdirSync(join(root, 'build/bench'), { recursive: true });
execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/monitor/repeat.c')]);
const directory = mkdtempSync(join(tmpdir(), 'kubearmor-bench-'));
try {
  const path = join(directory, 'a-file-of-usual-length.txt');
  execFileSync('touch', [path]);
  const result = {
    throughput: await throughput(path),
    getpid: await costs('getpid', 300_000, path),
    openClose: await costs('open', 100_000, path),
    connectRefused: await costs('connect', 50_000, path),
    vfork: await costs('fork', 2000, path),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
