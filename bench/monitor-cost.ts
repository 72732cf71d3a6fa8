// What the monitor adds to a call of a watched process, to one of a process that is not watched, and to calls that nobody
// watches, in each variant that the kernel takes: nanoseconds of CPU or, where a machine's clock counts instructions (QEMU
// with -icount), instructions. Prints JSON; needs root. Run with `node bench/monitor-cost.ts [turns]`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERYTHING, MonitorError, MonitorPrograms, type MonitorVariant } from '@kubearmor/monitor';

const root = join(import.meta.dirname, '..');
const WORKLOAD = 9;
const RING_BYTES = 64 * 1024 * 1024;
/** Turns of each kind, of what is asked for: a fork takes as long as ten other calls. */
const KINDS = { getpid: 1, open: 1, tcp: 1, fork: 0.1 } as const;
const VARIANTS: readonly MonitorVariant[] = ['functions', 'tracepoints'];

type Kind = keyof typeof KINDS;

const kinds: readonly Kind[] = ['getpid', 'open', 'tcp', 'fork'];
const turns = Number(process.argv[2] ?? 10_000);
const directory = mkdtempSync(join(tmpdir(), 'kubearmor-cost-'));
const program = join(directory, 'repeat');
const file = join(directory, 'a-file-of-usual-length.txt');

/** What a turn of each kind costs. */
async function measure(prepare?: (pid: number) => void): Promise<ReadonlyMap<Kind, number>> {
  const costs = new Map<Kind, number>();
  for (const kind of kinds) costs.set(kind, await turn(kind, prepare));
  return costs;
}

async function turn(kind: Kind, prepare?: (pid: number) => void): Promise<number> {
  const count = String(Math.ceil(turns * KINDS[kind]));
  const child = spawn(program, [kind, count, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close');
  prepare?.(child.pid ?? 0);
  child.stdin.end('go\n');
  await closed;
  return Number(text);
}

async function added(
  variant: MonitorVariant,
  off: ReadonlyMap<Kind, number>,
): Promise<Record<string, unknown>> {
  using programs = MonitorPrograms.load({ objects: join(root, 'build/bpf'), ringBytes: RING_BYTES, variant });
  programs.attach();
  const idle = await measure();
  programs.watch(WORKLOAD, EVERYTHING);
  const unwatched = await measure();
  const watched = await measure((pid) => {
    const label = new Uint8Array(24);
    new DataView(label.buffer).setUint32(0, WORKLOAD, true);
    programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), label);
  });
  const more = (costs: ReadonlyMap<Kind, number>, kind: Kind): number =>
    Math.round((costs.get(kind) ?? 0) - (off.get(kind) ?? 0));
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      { nobody_watched: more(idle, kind), unwatched: more(unwatched, kind), watched: more(watched, kind) },
    ]),
  );
}

try {
  execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/monitor/repeat.c')]);
  writeFileSync(file, '');
  const off = await measure();
  const result: Record<string, unknown> = { kernel: release(), off: Object.fromEntries(off) };
  for (const variant of VARIANTS) {
    try {
      result[`added_by_${variant}`] = await added(variant, off);
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      result[`added_by_${variant}`] = 'the kernel refuses the programs';
    }
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
