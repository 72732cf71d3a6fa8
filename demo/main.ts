import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { attempts, type Attempt } from './attempts.ts';
import { createBusyboxImage } from './image.ts';
import { ended, Machine, type Ended } from './machine.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const isColoured = process.stdout.isTTY;

/** What came of an attempt. */
interface Outcome {
  readonly attempt: Attempt;
  readonly said: string;
  readonly alert: string;
  readonly isAsExpected: boolean;
}

const listener = createServer((socket) => socket.destroy());
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const port = String((listener.address() as AddressInfo).port);

const machine = new Machine(join(HERE, 'policies'));
let isGood = false;
try {
  print(await machine.ready());
  const image = createBusyboxImage(join(machine.directory, 'image'));
  print(`\n${attempts.length} attempts, each in a scope of its own, under the policies of demo/policies:\n`);
  const outcomes: Outcome[] = [];
  for (const [index, attempt] of attempts.entries())
    outcomes.push(await tryOne(attempt, `attempt-${index + 1}`, image));
  const failed = outcomes.filter((outcome) => !outcome.isAsExpected).length;
  print(`\n${outcomes.length - failed} of ${outcomes.length} as expected.`);
  await printCost();
  isGood = failed === 0;
} finally {
  await machine.release();
  listener.close();
}
process.exitCode = isGood ? 0 : 1;

async function tryOne(attempt: Attempt, name: string, image: string): Promise<Outcome> {
  const isSmall = attempt.scope !== 'web';
  const scope = { name, app: attempt.scope, ...(isSmall ? { image } : {}) };
  const shell = [isSmall ? '/bin/sh' : (attempt.shell ?? 'sh')];
  const result = await machine.run(scope, [...shell, '-c', attempt.command], { PORT: port });
  const alert = await findAlert(name, attempt.rule);
  const outcome = judge(attempt, result, alert);
  printOutcome(outcome);
  return outcome;
}

async function findAlert(
  name: string,
  rule: string | undefined,
): Promise<Record<string, unknown> | undefined> {
  for (let tries = 0; tries < (rule === undefined ? 3 : 100); tries++) {
    const alerts = machine.alerts().filter((alert) => alert['ContainerName'] === name);
    const wanted = alerts.find((alert) => ruleOf(alert).endsWith(rule ?? '\0'));
    if (wanted !== undefined) return wanted;
    if (rule === undefined && alerts.length > 0) return alerts[0];
    await sleep(20);
  }
  return machine.alerts().find((alert) => alert['ContainerName'] === name);
}

function judge(attempt: Attempt, result: Ended, alert: Record<string, unknown> | undefined): Outcome {
  const rule = alert === undefined ? '' : ruleOf(alert);
  const isRefused = result.status !== 0 && /not permitted|denied/i.test(result.output);
  const said = isRefused
    ? (/Operation not permitted|Permission denied/i.exec(result.output)?.[0] ?? '')
    : `exit ${result.status}`;
  const hasVerdict = attempt.expected === 'refused' ? isRefused : result.status === 0;
  const hasAlert = attempt.rule === undefined ? alert === undefined : rule.endsWith(attempt.rule);
  const text =
    alert === undefined ? '' : `${String(alert['PolicyName'])}: ${rule.slice(rule.indexOf('#') + 1)}`;
  const isAsExpected = hasVerdict && hasAlert;
  return {
    attempt,
    said: isAsExpected ? said : `${said} ${result.output.trim()}`,
    alert: text,
    isAsExpected,
  };
}

function ruleOf(alert: Record<string, unknown>): string {
  const data = alert['EventData'];
  return typeof data === 'object' && data !== null && 'Rule' in data ? String(data.Rule) : '';
}

function printOutcome({ attempt, said, alert, isAsExpected }: Outcome): void {
  const mark = isAsExpected ? colour(32, 'ok  ') : colour(31, 'FAIL');
  print(`${mark} ${attempt.what.padEnd(43)} ${attempt.expected.padEnd(8)} ${said.padEnd(24)} ${alert}`);
}

async function printCost(): Promise<void> {
  const script = readFileSync(join(HERE, 'cost.sh'), 'utf8');
  const figures = { outside: [] as number[][], guarded: [] as number[][], free: [] as number[][] };
  for (let round = 0; round < 3; round++) {
    const name = `cost-${round}`;
    const outside = await ended(
      spawn('bash', ['-c', script], {
        env: { ...process.env, PORT: port },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const free = await machine.run({ name: `${name}-free`, app: 'none' }, ['bash', '-c', script], {
      PORT: port,
    });
    const guarded = await machine.run({ name, app: 'web' }, ['bash', '-c', script], { PORT: port });
    figures.outside.push(numbers(outside));
    figures.free.push(numbers(free));
    figures.guarded.push(numbers(guarded));
  }
  print(
    '\nWhat it costs, in microseconds (median of 3 rounds) and as a ratio to a scope without policies:\n',
  );
  ['open of a file no rule names', 'exec', 'TCP connection'].forEach((what, index) => {
    const free = median(figures.free.map((round) => round[index] ?? 0));
    const guarded = median(figures.guarded.map((round) => round[index] ?? 0));
    const outside = median(figures.outside.map((round) => round[index] ?? 0));
    print(
      `     ${what.padEnd(43)} no policy ${micro(free)}, under policies ${micro(guarded)} (${(guarded / free).toFixed(2)}), outside ${micro(outside)}`,
    );
  });
  const memory = Object.entries(machine.memory()).map(([part, size]) => `${part} ${size} MB`);
  print(`     resident memory: ${memory.join(', ')}`);
}

function numbers(result: Ended): number[] {
  return result.output
    .trim()
    .split(/\s+/)
    .map((text) => Number(text) / 100);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function micro(value: number): string {
  return value.toFixed(1);
}

function colour(code: number, text: string): string {
  return isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
