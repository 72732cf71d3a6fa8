import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedMachine } from '../failure/guarded-machine.ts';
import { files } from '../failure/storm-image.ts';
import { StormScope } from '../failure/storm-scope.ts';
import type { Storm, Task } from '../failure/storm.ts';

/** Everything at once: forks, execs, opens and connections. Each process of a load does one of these again and again. */
export const MIXED: readonly Task[] = [
  { kind: 'fork', target: '-' },
  { kind: 'exec', target: files.allowedProgram },
  { kind: 'fresh', target: files.many },
  { kind: 'udp', target: '9' },
];

/** Runs a load in scopes of their own, all at the same time, for so long. `started` is called when all have started. */
export async function runLoad(
  machine: GuardedMachine,
  loads: readonly { readonly app: string; readonly tasks: readonly Task[] }[],
  seconds: number,
  started: () => void = () => undefined,
): Promise<readonly Storm[]> {
  const scopes: StormScope[] = [];
  for (const { app, tasks } of loads) scopes.push(await StormScope.start(machine, tasks, { app }));
  started();
  await sleep(seconds * 1000);
  for (const scope of scopes) await scope.end();
  for (const { id } of scopes) await machine.call('scope.remove', { id });
  return scopes.map(({ storm }) => storm);
}
