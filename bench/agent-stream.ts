// How many events a second one busy core brings from the kernel's ring to the bytes that leave for gRPC clients: read,
// followed in the tree of processes, worded and encoded, all in this thread. Loads are real; nobody reads meanwhile. Prints
// JSON to bench/out/agent-stream.json, too; needs root. Run with `node bench/agent-stream.ts`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RingReader } from '@kubearmor/kernel';
import {
  EventReader,
  EVERYTHING,
  KernelTime,
  LogComposer,
  MonitorPrograms,
  ProcessTree,
  ProcSource,
} from '@kubearmor/monitor';
import { createSystemClock } from '@kubearmor/service';
import type { LogEvent, LogWorkload } from '@kubearmor/telemetry';
import { FrameWriter } from '../apps/kubearmor/dist/grpc/wire/frame-writer.js';
import { LogEncoder } from '../apps/kubearmor/dist/grpc/wire/log-encoder.js';

const root = join(import.meta.dirname, '..');
const OUT = join(import.meta.dirname, 'out');
const WORKLOAD = 9;
const ROUNDS = 6;
const RING_BYTES = 64 * 1024 * 1024;
const BATCH_BYTES = 65_536;
const workload: LogWorkload = {
  Type: 'ContainerLog',
  NamespaceName: 'wordpress-mysql',
  PodName: 'wordpress-787f45786f-2q9wf',
  Labels: 'app=wordpress',
  ContainerID: '6c1e0d4f9b0a',
  ContainerName: 'wordpress',
  ContainerImage: 'docker.io/library/wordpress:4.8-apache',
  Owner: { Ref: 'Deployment', Name: 'wordpress', Namespace: 'wordpress-mysql' },
};

function label(programs: MonitorPrograms, pid: number): void {
  const value = new Uint8Array(24);
  new DataView(value.buffer).setUint32(0, WORKLOAD, true);
  programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), value);
}

async function run(command: readonly string[], prepare: (pid: number) => void): Promise<void> {
  const shell = spawn('/bin/sh', ['-c', 'read go; exec "$@"', 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(shell, 'close');
  prepare(shell.pid ?? 0);
  shell.stdin.end('go\ngo\n');
  await closed;
}

interface Throughput {
  readonly events: number;
  readonly events_per_core_second: number;
  readonly bytes_per_message: number;
}

async function throughput(command: readonly string[]): Promise<Throughput> {
  using programs = MonitorPrograms.load({ objects: join(root, 'build/bpf'), ringBytes: RING_BYTES });
  const reader = new EventReader(new ProcessTree(new ProcSource()));
  const time = new KernelTime(createSystemClock());
  const { tree, calls } = reader;
  const composer = new LogComposer({ workloadOf: () => workload, time, tree, calls });
  const encoder = new LogEncoder({ ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c' });
  const frames = new FrameWriter();
  const into = new Uint8Array(BATCH_BYTES);
  programs.watch(WORKLOAD, EVERYTHING);
  programs.attach();
  using ring = RingReader.open(programs.ringFd, programs.ringBytes);
  const total = { events: 0, bytes: 0, cpuUs: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    await run(command, (pid) => {
      label(programs, pid);
      tree.adopt(pid);
    });
    const before = process.cpuUsage();
    const read = { events: 0, bytes: 0 };
    for (;;) {
      const batch = ring.copyBatch(BATCH_BYTES, into);
      if (batch === undefined) break;
      time.refresh();
      const logs: LogEvent[] = [];
      reader.read(batch, (event) => {
        composer.compose(event, logs);
      });
      for (const log of logs) encoder.encode(log, frames);
      for (const { bytes, messages, slab } of frames.take()) {
        read.events += messages;
        read.bytes += bytes.length;
        slab.release();
      }
    }
    const { user, system } = process.cpuUsage(before);
    // The first rounds warm up.
    if (round < 2) continue;
    total.events += read.events;
    total.bytes += read.bytes;
    total.cpuUs += user + system;
  }
  const { ringFull, busy } = programs.tally();
  if (ringFull + busy > 0) process.stderr.write(`lost ${ringFull + busy} events: the ring was too small\n`);
  return {
    events: total.events,
    events_per_core_second: Math.round((total.events / total.cpuUs) * 1e6),
    bytes_per_message: Math.round(total.bytes / total.events),
  };
}

const directory = mkdtempSync(join(tmpdir(), 'kubearmor-bench-'));
try {
  const [repeat, swarm] = [join(directory, 'repeat'), join(directory, 'swarm')];
  const path = join(directory, 'a-file-of-usual-length.txt');
  execFileSync('cc', ['-O2', '-o', repeat, join(root, 'bench/monitor/repeat.c')]);
  execFileSync('cc', ['-O2', '-pthread', '-o', swarm, join(root, 'packages/monitor/fixtures/swarm.c')]);
  writeFileSync(path, '');
  process.chdir(directory);
  const [open, connect, mixed] = [
    await throughput([repeat, 'open', '150000', path]),
    await throughput([repeat, 'tcp', '60000', path]),
    await throughput([swarm, '4', '100', '200']),
  ];
  const result = { stream_events_per_core_second: open.events_per_core_second, open, connect, mixed };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'agent-stream.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
