import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AgentProcess } from '../agent/agent-process.ts';
import { leaveTrace } from '../traces/traces.ts';
import { isReached, lateName, type AttemptRun } from './attempt-run.ts';
import type { Attempt, AttemptGroup } from './attempt.ts';
import { buildImages } from './bypass-image.ts';
import { bypassPlaces } from './bypass-places.ts';
import { missingNeeds } from './missing-needs.ts';
import { readNamedAlerts } from './named-alerts.ts';
import { runCommand, type CommandResult } from './run-command.ts';
import { Servers } from './servers.ts';

/** How attempts are run. */
export interface RunAttemptsOptions {
  /** How many at once. */
  readonly lanes: number;
  readonly progress: (text: string) => void;
}

const ATTEMPT_TIMEOUT_MS = 45_000;
const SETTLE_MS = 1000;
const MAX_CONTROLS = 3;
const NOBODY = 'nobody';

// Not chroot: nobody makes a user namespace from within one.
const PLAIN_SCRIPT = `mount --bind "$0" "$0" && cd "$0" && mount -t proc proc proc && pivot_root . old &&
  exec /busybox sh -c 'umount -l /old && exec "$@"' sh "$@"`;

interface Task {
  readonly group: AttemptGroup;
  readonly attempt: Attempt;
}

const statusSchema = z.object({
  workloads: z.array(z.object({ name: z.string(), policies: z.array(z.string()) })),
});

/** Runs every attempt that this machine can run, each twice, in scopes of its own. */
export async function runAttempts(
  groups: readonly AttemptGroup[],
  options: RunAttemptsOptions,
): Promise<ReadonlyMap<Attempt, AttemptRun>> {
  await using agent = await AgentProcess.start({
    postures: { file: 'block', network: 'block', capabilities: 'audit' },
  });
  using servers = await Servers.start();
  const policies = groups.map(({ policy }) => policy);
  agent.writePolicies('bypass.yaml', policies.join('---\n'));
  await agent.untilStatus('all policies', (status) => status.policies.length === policies.length);
  const runs = await new AttemptRunner(agent, servers).run(groups, options);
  const errors = agent
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'));
  if (errors.length > 0) options.progress(errors.join('\n'));
  return runs;
}

class AttemptRunner {
  readonly #agent: AgentProcess;
  readonly #servers: Servers;
  readonly #images: ReturnType<typeof buildImages>;
  readonly #results = new Map<Attempt, Pick<AttemptRun, 'control' | 'guarded'>>();

  constructor(agent: AgentProcess, servers: Servers) {
    this.#agent = agent;
    this.#servers = servers;
    this.#images = buildImages(join(agent.directory, 'images'));
    leaveTrace(agent.directory);
  }

  async run(
    groups: readonly AttemptGroup[],
    { lanes, progress }: RunAttemptsOptions,
  ): Promise<ReadonlyMap<Attempt, AttemptRun>> {
    const tasks = groups
      .flatMap((group) => group.attempts.map((attempt) => ({ group, attempt })))
      .filter(({ attempt }) => missingNeeds(attempt.needs).length === 0);
    const { alone = [], together = [] } = Object.groupBy(tasks, ({ attempt }) =>
      attempt.alone ? 'alone' : 'together',
    );
    const work = async (waiting: Task[]): Promise<void> => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        await this.#runOne(task);
        if (this.#results.size % 20 === 0) progress(`${this.#results.size} of ${tasks.length} attempts`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, () => work(together)));
    await work(alone);
    // What the last ones raised is still on its way.
    await sleep(SETTLE_MS);
    return this.#withAlerts();
  }

  async #runOne(task: Task): Promise<void> {
    const control = await this.#runControl(task);
    const guarded = await this.#runInScope(task, task.group.policyName);
    this.#results.set(task.attempt, { control, guarded });
  }

  // A control that is a race may be lost on a busy machine; that it can be won is what it has to show.
  async #runControl(task: Task): Promise<CommandResult> {
    for (let tries = 1; ; tries++) {
      const control = await (task.attempt.by === 'scope'
        ? this.#runPlainly(task)
        : this.#runInScope(task, NOBODY));
      if (isReached(task.attempt.goal, control) || tries === MAX_CONTROLS) return control;
    }
  }

  #withAlerts(): ReadonlyMap<Attempt, AttemptRun> {
    const alerts = readNamedAlerts(join(this.#agent.directory, 'alerts.json'));
    return new Map(
      [...this.#results].map(([attempt, result]) => {
        return [attempt, { ...result, alerts: alerts.get(attempt.name) ?? [] }];
      }),
    );
  }

  /** In namespaces of its own but in no scope: what a scope refuses works there. */
  async #runPlainly({ group, attempt }: Task): Promise<CommandResult> {
    const root = join(this.#agent.directory, `plain-${attempt.name}`);
    cpSync(this.#images[group.image], root, { recursive: true });
    mkdirSync(join(root, 'old'), { recursive: true });
    const flags = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
    return runCommand(['unshare', ...flags, 'sh', '-c', PLAIN_SCRIPT, root, ...this.#words(attempt)], {
      timeoutMs: ATTEMPT_TIMEOUT_MS,
    });
  }

  async #runInScope({ group, attempt }: Task, label: string): Promise<CommandResult> {
    const isGuarded = label !== NOBODY;
    const name = isGuarded ? attempt.name : `${attempt.name}-control`;
    const lateLabel = lateName(label, attempt);
    const ready = async (): Promise<void> => {
      if (isGuarded) await this.#putInForce(name, lateLabel, group);
    };
    const command: [string, ...string[]] = [
      process.execPath,
      ...[bypassPlaces.karmor, 'run', '--socket', this.#agent.socket, '--name', name],
      ...['--label', `bypass=${isGuarded && attempt.early ? lateLabel : label}`],
      ...['--image', this.#images[group.image], '--workdir', '/'],
      ...attempt.capAdd.flatMap((capability) => ['--cap-add', capability]),
      ...(attempt.user === undefined ? [] : ['--user', attempt.user]),
      ...['--', ...this.#words(attempt)],
    ];
    return runCommand(command, {
      timeoutMs: ATTEMPT_TIMEOUT_MS,
      ...(attempt.early ? { ready } : {}),
    });
  }

  async #putInForce(scope: string, label: string, group: AttemptGroup): Promise<void> {
    this.#agent.writePolicies(`${label}.yaml`, group.policy.replaceAll(group.policyName, label));
    for (;;) {
      const { workloads } = statusSchema.parse(await this.#agent.call('status'));
      const policies = workloads.find(({ name }) => name === scope)?.policies ?? [];
      if (policies.some((key) => key.endsWith(label))) return;
      await sleep(20);
    }
  }

  #words({ words }: Attempt): readonly string[] {
    return words.map((word) => this.#servers.fill(word));
  }
}
