import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GuardedMachine } from '../e2e/failure/guarded-machine.ts';
import { buildLoad } from '../e2e/failure/load.ts';
import { stormPolicy } from '../e2e/failure/storm-policy.ts';
import { measureAgent } from './agent.ts';
import { measureGuard } from './guard.ts';
import { measureMemory } from './memory.ts';
import { formatTable, type Result } from './result.ts';
import { measureRing } from './ring.ts';

const OUT = fileURLToPath(new URL('./out/', import.meta.url));
const MANY_FILES = 10_000;

function tell(name: string, results: readonly Result[]): void {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  process.stdout.write(`\n${formatTable(name, results)}\n`);
}

async function startMachine(): Promise<GuardedMachine> {
  const machine = await GuardedMachine.start({ manyFiles: MANY_FILES });
  machine.writePolicy('storm.yaml', stormPolicy);
  await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
  return machine;
}

buildLoad();
tell('ring', measureRing());
{
  // One that has done nothing yet: how much it takes at rest is measured, too.
  await using machine = await startMachine();
  tell('agent', await measureAgent(machine));
}
await using machine = await startMachine();
tell('guard', await measureGuard(machine));
tell('memory', await measureMemory(machine));
