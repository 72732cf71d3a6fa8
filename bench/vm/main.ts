// node bench/vm/main.ts KERNEL [PART]: counts, in a virtual machine, the instructions that the monitor and the LSM programs add
// to calls. A count repeats to 0.1 %, whatever else the machine does. Writes bench/out/vm.json and a table for each part.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestDefaults } from '../../tools/vm/guest-job.ts';
import { preparedKernel } from '../../tools/vm/kernel/prepared-kernel.ts';
import { places } from '../../tools/vm/places.ts';
import { whyNoVm } from '../../tools/vm/requirements.ts';
import { runGuest } from '../../tools/vm/run-guest.ts';
import { formatTable, type Result } from '../result.ts';

const TIMEOUT_MS = 1_800_000;
const OUT = join(places.root, 'bench/out');
const SHARE = join(places.root, 'build/bench/vm');

const PARTS: Readonly<Record<string, Part>> = {
  monitor: { title: 'the monitor', guest: 'bench/vm/guest.ts' },
  enforcer: { title: 'the BPF-LSM engine', guest: 'bench/vm/enforcer-guest.ts' },
};

const why = whyNoVm();
if (why === undefined) process.exitCode = await measureAll(process.argv[2] ?? '6.1', process.argv[3]);
else process.stdout.write(`skipped: no virtual machines here: ${why}\n`);

interface Part {
  readonly title: string;
  /** What runs in the guest. */
  readonly guest: string;
}

async function measureAll(version: string, only: string | undefined): Promise<number> {
  buildLoad();
  const kernel = preparedKernel(version, tell);
  const all: Result[] = [];
  for (const [name, { title, guest }] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    const end = await runGuest(kernel, {
      ...guestDefaults,
      command: `exec node ${guest}`,
      clock: 'instructions',
      timeoutMs: TIMEOUT_MS,
      share: SHARE,
    });
    if (end.kind === 'dead') tell(`the guest died: ${end.reason}; the end of its console:\n${end.console}`);
    if (end.kind === 'dead' || end.status !== 0) return 1;
    const results = JSON.parse(readFileSync(join(SHARE, 'results.json'), 'utf8')) as Result[];
    all.push(...results);
    process.stdout.write(`${formatTable(`${kernel.release}, ${title}`, results)}\n`);
  }
  mkdirSync(OUT, { recursive: true });
  writeFileSync(
    join(OUT, 'vm.json'),
    `${JSON.stringify({ kernel: kernel.release, results: all }, undefined, 2)}\n`,
  );
  return 0;
}

// Static, so that an exec is one of a program and not of a loader.
function buildLoad(): void {
  mkdirSync(SHARE, { recursive: true });
  for (const [name, source] of [
    ['repeat', 'bench/monitor/repeat.c'],
    ['nothing', 'bench/load/nothing.c'],
  ] as const)
    execFileSync('musl-gcc', ['-O2', '-static', '-o', join(SHARE, name), join(places.root, source)]);
}

function tell(text: string): void {
  process.stderr.write(`vm: ${text}\n`);
}
