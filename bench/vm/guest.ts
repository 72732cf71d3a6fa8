// In the guest of main.ts: instructions per call without the monitor, and with it in each variant that the kernel takes: while
// nobody is watched, and then of the host, of a workload that is not watched, and of the one that is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import {
  EVERYTHING,
  MonitorError,
  MonitorPrograms,
  type MonitorVariant,
  type Visibility,
} from '@kubearmor/monitor';
import { places } from '../../e2e/places.ts';
import type { Result } from '../result.ts';

const WATCHED = 1;
const UNWATCHED = 2;
const HOST = 0;
const DIRECTORY = '/run';
// Nobody reads: what is measured is the kernel's side, and the ring has room for all of it.
const RING_BYTES = 64 * 1024 * 1024;
const FILE = `${DIRECTORY}/a-file-of-usual-length.txt`;

/** Without the hash of each program that is executed, which is as much as the program is long. */
const WATCHES: Visibility = new Set([...EVERYTHING].filter((kind) => kind !== 'ima'));

/** What is counted, and how often it is done. */
const loads = [
  { what: 'getpid', kind: 'getpid', count: 20_000, path: '-' },
  { what: 'open+close', kind: 'open', count: 5000, path: FILE },
  { what: 'two renames', kind: 'rename', count: 2000, path: FILE },
  { what: 'refused connect', kind: 'tcp', count: 2000, path: '-' },
  { what: 'fork+exec+exit', kind: 'exec', count: 300, path: `${DIRECTORY}/nothing` },
] as const;
type Load = (typeof loads)[number];

const variants: readonly MonitorVariant[] = ['functions', 'tracepoints'];

for (const name of ['repeat', 'nothing']) copyFileSync(`/vm/${name}`, `${DIRECTORY}/${name}`);
writeFileSync(FILE, 'text\n');
const baselines = new Map<Load, number>();
for (const load of loads) baselines.set(load, await repeat(load));
const results: Result[] = [];
for (const variant of variants) results.push(...(await measure(variant)));
writeFileSync('/vm/results.json', JSON.stringify(results));

async function measure(variant: MonitorVariant): Promise<readonly Result[]> {
  try {
    using programs = MonitorPrograms.load({ objects: places.objects, ringBytes: RING_BYTES, variant });
    return await measureWith(programs);
  } catch (thrown) {
    if (!(thrown instanceof MonitorError)) throw thrown;
    process.stdout.write(`${variant}: this kernel does not take the programs\n`);
    return [];
  }
}

async function measureWith(programs: MonitorPrograms): Promise<readonly Result[]> {
  programs.attach();
  const results = await measureLoads(programs, 'nobody watched', HOST);
  programs.watch(WATCHED, WATCHES);
  results.push(
    ...(await measureLoads(programs, 'host', HOST)),
    ...(await measureLoads(programs, 'unwatched', UNWATCHED)),
    ...(await measureLoads(programs, 'watched', WATCHED)),
  );
  const { ringFull, busy } = programs.tally();
  if (ringFull + busy > 0) throw new Error(`expected a ring with room, got ${ringFull + busy} lost records`);
  return results;
}

async function measureLoads(programs: MonitorPrograms, who: string, workload: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const load of loads) {
    const value = await repeat(load, (pid) => {
      if (workload !== HOST) label(programs, pid, workload);
    });
    const name = `${load.what}, ${who}, ${programs.variant}`;
    results.push({ name, value, unit: 'instructions', baseline: baselines.get(load) ?? NaN });
  }
  return results;
}

/** One nanosecond of the guest's clock is one instruction. */
async function repeat(load: Load, prepare?: (pid: number) => void): Promise<number> {
  const { kind, count, path } = load;
  const child = spawn(`${DIRECTORY}/repeat`, [kind, String(count), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close');
  prepare?.(child.pid ?? 0);
  child.stdin.end('go\n');
  await closed;
  return Math.round(Number(text));
}

function label(programs: MonitorPrograms, pid: number, workload: number): void {
  const value = new Uint8Array(programs.labels.valueBytes);
  new DataView(value.buffer).setUint32(0, workload, true);
  programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), value);
}
