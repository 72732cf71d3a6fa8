// node bench/vm/main.ts KERNEL: counts, in a virtual machine, the instructions that the monitor adds to calls. A count repeats
// to 0.1 %, whatever else the machine does. Writes bench/out/vm.json and a table.
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

const why = whyNoVm();
if (why === undefined) process.exitCode = await measure(process.argv[2] ?? '6.1');
else process.stdout.write(`skipped: no virtual machines here: ${why}\n`);

async function measure(version: string): Promise<number> {
  buildLoad();
  const kernel = preparedKernel(version, tell);
  const end = await runGuest(kernel, {
    ...guestDefaults,
    command: 'exec node bench/vm/guest.ts',
    clock: 'instructions',
    timeoutMs: TIMEOUT_MS,
    share: SHARE,
  });
  if (end.kind === 'dead') tell(`the guest died: ${end.reason}; the end of its console:\n${end.console}`);
  if (end.kind === 'dead' || end.status !== 0) return 1;
  const results = JSON.parse(readFileSync(join(SHARE, 'results.json'), 'utf8')) as Result[];
  mkdirSync(OUT, { recursive: true });
  writeFileSync(
    join(OUT, 'vm.json'),
    `${JSON.stringify({ kernel: kernel.release, results }, undefined, 2)}\n`,
  );
  process.stdout.write(`${formatTable(kernel.release, results)}\n`);
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
