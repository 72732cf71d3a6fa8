import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cgroup, forEachRecord, RingStream, unifiedRoot } from '@kubearmor/kernel';
import { EVERYTHING, MonitorPrograms } from '@kubearmor/monitor';

// Records what the kernel tells of each call that KubeArmor logs, for the golden files. Needs root and a C compiler.
const root = fileURLToPath(new URL('../..', import.meta.url));
const RECORDS = join(root, 'apps/kubearmor/src/logs/golden/records.hex.txt');
// Always the same, since paths are in the records.
const DIRECTORY = '/tmp/kubearmor-records';
const WORKLOAD = 4711;
// A shell that has been executed is known by its records, and what it starts is a child.
const SHELL = 'read go; exec sh -c \'"$@"; exit 0\' sh "$@"';

rmSync(DIRECTORY, { recursive: true, force: true });
mkdirSync(join(DIRECTORY, 'made'), { recursive: true });
try {
  const records = await record(compile(), DIRECTORY);
  writeFileSync(RECORDS, `${records.join('\n')}\n`);
  console.log(`${records.length} records`);
} finally {
  rmSync(DIRECTORY, { recursive: true, force: true });
}

function compile(): string {
  const program = join(DIRECTORY, 'operations');
  const source = join(root, 'packages/monitor/fixtures/operations.c');
  const { status, stderr } = spawnSync('cc', ['-O2', '-static', '-o', program, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return program;
}

async function record(...command: readonly string[]): Promise<readonly string[]> {
  using programs = MonitorPrograms.load({ objects: join(root, 'build/bpf') });
  programs.watch(WORKLOAD, EVERYTHING);
  programs.attach();
  const ring = RingStream.open({ mapFd: programs.ringFd, sizeBytes: programs.ringBytes });
  const records: string[] = [];
  const reading = collect(ring, records);
  await runWatched(programs, command);
  programs.detach();
  await ring.close();
  await reading;
  const { ringFull, busy } = programs.tallyOf(WORKLOAD);
  if (ringFull + busy > 0) throw new Error('expected no record to be lost');
  return records;
}

async function collect(ring: RingStream, records: string[]): Promise<void> {
  for await (const batch of ring) {
    forEachRecord(batch, (view, offset, length) => {
      records.push(Buffer.from(view.buffer, view.byteOffset + offset, length).toString('hex'));
    });
  }
}

async function runWatched(programs: MonitorPrograms, command: readonly string[]): Promise<void> {
  const cgroup = Cgroup.create(join(unifiedRoot(), `kubearmor-records-${process.pid}`));
  try {
    const shell = spawn('/bin/sh', ['-c', SHELL, 'sh', ...command], {
      cwd: '/',
      env: {},
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const exited = once(shell, 'exit');
    const pid = shell.pid ?? 0;
    cgroup.addPid(pid);
    const label = new Uint8Array(programs.labels.valueBytes);
    new DataView(label.buffer).setUint32(0, WORKLOAD, true);
    programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), label);
    shell.stdin.end('go\n');
    await exited;
  } finally {
    cgroup.kill();
    while (cgroup.isPopulated()) await new Promise((resolve) => setImmediate(resolve));
    cgroup.remove();
  }
}
