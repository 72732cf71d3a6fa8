import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Guard } from '@kubearmor/enforcers';
import { compile, loadPolicies, type Postures, type RuleSet } from '@kubearmor/policy';
import { createLogger } from '@kubearmor/service';
import type { Alert } from '@kubearmor/telemetry';
import { enter, strike } from '../agent/ledger.ts';
import { release } from '../agent/release.ts';
import { E2eError } from '../errors.ts';
import { places } from '../places.ts';
import { leaveTrace } from '../traces/traces.ts';
import { until } from '../until.ts';

const AUDIT: Postures = { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' };

/** A guard without an agent, for units whose root the test gives it. */
export class GuardedUnits {
  readonly guard: Guard;
  /** Empty, for the test. */
  readonly scratch: string;
  readonly alerts: Alert[] = [];
  readonly #directory: string;
  readonly #pins: string;
  readonly #stopping = new AbortController();
  #reading: Promise<void> | undefined;

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-'));
    this.#pins = join('/sys/fs/bpf', basename(this.#directory));
    this.scratch = join(this.#directory, 'scratch');
    const runDir = join(this.#directory, 'run');
    for (const path of [this.scratch, runDir]) mkdirSync(path, { mode: 0o700 });
    for (const path of [this.#directory, this.#pins]) leaveTrace(path);
    const flags = ['--run-dir', runDir, '--pins', this.#pins, '--objects', places.objects];
    this.guard = new Guard({
      socket: join(runDir, 'guard.sock'),
      spool: join(runDir, 'alerts.spool'),
      logFile: join(runDir, 'guard.log'),
      keeperCommand: [process.execPath, places.kubearmor, 'keeper', ...flags],
      logger: createLogger({ level: 'silent' }),
      onGap: () => undefined,
    });
  }

  get name(): string {
    return basename(this.#directory);
  }

  async start(): Promise<void> {
    enter({ name: this.name, owner: process.pid, pid: 0, directory: this.#directory, pins: this.#pins });
    await this.guard.start();
    await this.guard.settle();
    this.#reading = this.#read();
  }

  /** The alerts, once there are as many. */
  async untilAlerts(count: number): Promise<readonly Alert[]> {
    await until(() => (this.alerts.length >= count ? true : undefined), { timeoutMs: 10_000 });
    return this.alerts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
    await this.guard.stop();
    release({ directory: this.#directory, pins: this.#pins });
    rmSync(this.#directory, { recursive: true, force: true });
    strike(this.name);
  }

  async #read(): Promise<void> {
    for await (const batch of this.guard.alerts({ signal: this.#stopping.signal })) {
      for (const raised of batch) {
        const node = { ClusterName: 'c', HostName: 'h', KubeArmorVersion: 'v' };
        this.alerts.push(raised.compose({ node, workload: { ContainerID: String(raised.workload) } }));
      }
    }
  }
}

/** The rule set of one policy. */
export function ruleSetOf(spec: object): RuleSet {
  const document = { kind: 'KubeArmorPolicy', metadata: { name: 'units' }, spec: { selector: {}, ...spec } };
  const { policies, problems } = loadPolicies(JSON.stringify(document), { file: 'units' });
  const [problem] = problems;
  if (problem !== undefined) throw new E2eError('E2E_NOT_READY', problem.message);
  return compile(policies, AUDIT);
}
