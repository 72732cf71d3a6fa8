// In the guest of main.ts: instructions per call of a process while nobody watches, and of one of the host, one of a workload
// that is not watched and one of a watched workload while the monitor is there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { EVERYTHING, MonitorPrograms } from '@kubearmor/monitor';
import { places } from '../../e2e/places.ts';
import type { Result } from '../result.ts';

const WATCHED = 1;
const UNWATCHED = 2;
const HOST = 0;
const DIRECTORY = '/run';
// Nobody reads: what is measured is the kernel's side, and the ring has room for all of it.
const RING_BYTES = 64 * 1024 * 1024;
const FILE = `${DIRECTORY}/a-file-of-usual-length.txt`;

/** What is counted, and how often it is done. */
const loads = [
  { what: 'getpid', kind: 'getpid', count: 20_000, path: '-' },
  { what: 'open+close', kind: 'open', count: 5000, path: FILE },
  { what: 'refused connect', kind: 'tcp', count: 2000, path: '-' },
  { what: 'fork+exec+exit', kind: 'exec', count: 300, path: `${DIRECTORY}/nothing` },
] as const;
type Load = (typeof loads)[number];

for (const name of ['repeat', 'nothing']) copyFileSync(`/vm/${name}`, `${DIRECTORY}/${name}`);
writeFileSync(FILE, 'text\n');
const results: Result[] = [];
for (const load of loads) results.push(...(await measure(load)));
writeFileSync('/vm/results.json', JSON.stringify(results));

async function measure(load: Load): Promise<Result[]> {
  const baseline = await repeat(load, () => undefined);
  using programs = MonitorPrograms.load({ objects: places.objects, ringBytes: RING_BYTES });
  programs.watch(WATCHED, EVERYTHING);
  programs.attach();
  const results: Result[] = [];
  for (const [who, workload] of [
    ['host', HOST],
    ['unwatched', UNWATCHED],
    ['watched', WATCHED],
  ] as const) {
    const value = await repeat(load, (pid) => {
      if (workload !== HOST) label(programs, pid, workload);
    });
    results.push({ name: `${load.what}, ${who}`, value, unit: 'instructions', baseline });
  }
  const { ringFull, busy } = programs.tally();
  if (ringFull + busy > 0) throw new Error(`expected a ring with room, got ${ringFull + busy} lost records`);
  return results;
}

/** One nanosecond of the guest's clock is one instruction. */
async function repeat(load: Load, prepare: (pid: number) => void): Promise<number> {
  const { kind, count, path } = load;
  const child = spawn(`${DIRECTORY}/repeat`, [kind, String(count), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close');
  prepare(child.pid ?? 0);
  child.stdin.end('go\n');
  await closed;
  return Math.round(Number(text));
}

function label(programs: MonitorPrograms, pid: number, workload: number): void {
  const value = new Uint8Array(programs.labels.valueBytes);
  new DataView(value.buffer).setUint32(0, workload, true);
  programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), value);
}
