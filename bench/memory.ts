import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedMachine } from '../e2e/failure/guarded-machine.ts';
import type { Result } from './result.ts';

const SETTLE_MS = 500;

/** How much memory the processes have resident, against a Node that does nothing. */
export async function measureMemory(machine: GuardedMachine): Promise<readonly Result[]> {
  const spare = await machine.untilSpare();
  const { keeper, answerers } = machine.guard();
  const baseline = await idleNode();
  const processes = [
    ['agent', machine.agentPid],
    ['keeper', keeper],
    ['answerer', answerers[0] ?? 0],
    ['answerer in reserve', spare],
  ] as const;
  return processes.map(([name, pid]) => ({
    name: `memory: ${name}`,
    value: residentMiB(pid),
    unit: 'MiB',
    baseline,
  }));
}

async function idleNode(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)'], {
    stdio: 'ignore',
  });
  await sleep(SETTLE_MS);
  const resident = residentMiB(child.pid ?? 0);
  const ended = once(child, 'exit');
  child.kill();
  await ended;
  return resident;
}

function residentMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? NaN) / 1024;
}
