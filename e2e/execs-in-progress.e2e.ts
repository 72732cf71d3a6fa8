import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { denyFile } from './failure/storm-policy.ts';
import { places } from './places.ts';
import { until } from './until.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const TEST_MS = 180_000;
const EXECS = 400;
const KILLS = 6;

/** Programs with a loader and scripts, one after the other; tells those that did not end well. */
const SCRIPT = `
printf '#!/bin/sh\\n' > /tmp/script && chmod +x /tmp/script
for i in $(seq ${EXECS}); do
  /bin/true || echo "true: $?"
  /tmp/script || echo "script: $?"
done
echo end`;

interface Run {
  /** What was told. */
  readonly ended: Promise<string>;
  isOver: boolean;
}

function run(machine: GuardedMachine): Run {
  const flags = ['run', '--socket', machine.socket, '--name', 'busy', '--label', 'app=storm'];
  const child = spawn(KARMOR, [...flags, '--', '/bin/bash', '-c', SCRIPT], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close').then(() => {
    running.isOver = true;
    return text.trim();
  });
  const running: Run = { ended, isOver: false };
  return running;
}

describe('programs that are being started', { timeout: TEST_MS }, () => {
  it('go on while policies change', async () => {
    await using machine = await GuardedMachine.start();
    machine.writePolicy('p.yaml', denyFile('zero', '/etc/none'));
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const running = [run(machine), run(machine)];
    let changes = 0;
    while (running.some(({ isOver }) => !isOver)) {
      machine.writePolicy('p.yaml', denyFile('other', `/etc/none-${++changes}`));
      await sleep(20);
    }
    process.stdout.write(`programs started while policies changed ${changes} times\n`);
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(['end', 'end']);
  });

  it('go on while answerers die, where that lets pass what cannot be judged', async () => {
    await using machine = await GuardedMachine.start({ onError: 'allow' });
    machine.writePolicy('p.yaml', denyFile('zero', '/etc/none'));
    await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const running = [run(machine), run(machine)];
    await until(async () => ((await machine.status()).workloads.length === 2 ? true : undefined), {
      timeoutMs: 20_000,
    });
    let kills = 0;
    while (kills < KILLS && running.some(({ isOver }) => !isOver)) {
      await machine.untilSpare();
      process.kill(machine.answerer(), 'SIGKILL');
      kills++;
      await sleep(300);
    }
    process.stdout.write(`programs started while ${kills} answerers died\n`);
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(['end', 'end']);
  });
});
