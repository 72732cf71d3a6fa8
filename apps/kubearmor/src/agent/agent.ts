import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Guard, WORKLOAD, type EnforcerStatus } from '@kubearmor/enforcers';
import {
  cgroupOf,
  ensureBpffs,
  probeCapabilities,
  procfs,
  readTextAt,
  unifiedRoot,
  type Capability,
} from '@kubearmor/kernel';
import { Counters, serveJson, type HostFacts, type JsonServer, type Logger } from '@kubearmor/service';
import type { LogNode } from '@kubearmor/telemetry';
import { AgentError } from '../errors.js';
import { AgentGrpc } from '../grpc/agent-grpc.js';
import { StateFeed } from '../grpc/services/state-feed.js';
import type { ConfigurationState } from '../config/configuration-watch.js';
import type { AgentConfig } from './agent-config.js';
import type { AgentStatus } from './agent-status.js';
import { AgentPolicies } from './agent-policies.js';
import { AgentTelemetry } from './agent-telemetry.js';
import { NeighbourWatch } from '../neighbour/neighbour-watch.js';
import { findOtherKubearmor } from '../neighbour/other-kubearmor.js';
import { AgentMetrics } from '../metrics/agent-metrics.js';
import { Confirmations } from './confirmations.js';
import { isSwitchedOff } from './break-glass.js';
import { chooseEnforcer, startLine, type Choice } from './choice.js';
import { counterValues } from './counter-values.js';
import { guardCommand } from './guard-command.js';
import { describeVisibility, hostFacts } from './host-facts.js';
import type { LiveConfig } from './live-config.js';
import { LogRelay } from './log-relay.js';
import { findUnits } from './find-units.js';
import { lockoutRefusal } from './lockout-refusal.js';
import { MachineRegistry } from './machine-registry.js';
import { readNodeId } from './node-id.js';
import { DEFAULT_NAMESPACE, type PolicyRefusal } from './policy-files.js';
import { PolicyWatch } from './policy-watch.js';
import { policyHandlers } from './policy-handlers.js';
import { probed } from './probed.js';
import { scopesCgroup } from '../config/scopes-cgroup.js';
import { refuseSecond } from './refuse-second.js';
import { scopeHandlers } from './scope-handlers.js';
import { stateObjects } from './state-objects.js';
import { StateWatcher } from './state-watcher.js';
import { writeRunFiles } from './run-files.js';
import { Scopes, type Scope } from './scopes.js';
import { policyStatuses, workloadStatuses } from './status-parts.js';
import { UnitIds } from './unit-ids.js';
import { WorkloadRegistry, type InForce } from './workload-registry.js';

const SWEEP_MS = 1000;
const OFF = 'the kernel command line says kubearmor=off';
const NOTHING: EnforcerStatus = { workloads: [], counters: {} };
const COUNT_MS = 5000;

/** What an agent needs. */
export interface AgentDependencies {
  readonly logger: Logger;
  /** What is logged, on its way to whoever watches messages. */
  readonly relay: LogRelay;
  /** What became of the configuration file since the start. */
  readonly configuration: () => ConfigurationState;
}

/** The agent: policies from a directory, scopes from `karmor run`, one enforcer, alerts to where users read them. */
export class Agent {
  readonly #config: AgentConfig;
  readonly #deps: AgentDependencies;
  readonly #logger: Logger;
  readonly #node: LogNode;
  readonly #counters = new Counters();
  readonly #scopes: Scopes;
  readonly #policies: AgentPolicies;
  readonly #guard: Guard;
  readonly #registry: WorkloadRegistry;
  readonly #machine: MachineRegistry;
  /** Break-glass: the machine was started so that nothing is enforced. */
  readonly #isOff = isSwitchedOff(readTextAt('/proc/cmdline') ?? '');
  readonly #telemetry: AgentTelemetry;
  readonly #grpc: AgentGrpc;
  readonly #metrics: AgentMetrics;
  readonly #neighbours: NeighbourWatch;
  readonly #confirmations: Confirmations;
  readonly #state: StateFeed;
  #live: LiveConfig;
  #capabilities: readonly Capability[] = [];
  #choice: Choice = { kind: 'none', reason: 'not started', considered: [] };
  #server: JsonServer | undefined;
  #watcher: PolicyWatch | undefined;
  #timers: NodeJS.Timeout[] = [];
  #applying: Promise<void> = Promise.resolve();
  #isReadDue = false;

  constructor(config: AgentConfig, deps: AgentDependencies) {
    const { logger } = deps;
    this.#config = config;
    this.#live = config;
    this.#deps = deps;
    this.#logger = logger;
    const { cluster, host } = config;
    this.#node = {
      ClusterName: cluster,
      HostName: host,
      NodeID: readNodeId(host, [config.machineIDPath, '/var/lib/dbus/machine-id']),
    };
    mkdirSync(config.runDir, { recursive: true, mode: 0o700 });
    this.#scopes = new Scopes(join(config.runDir, 'scopes.json'), DEFAULT_NAMESPACE);
    const refusal = lockoutRefusal(() => this.#live.hostPostures);
    this.#policies = new AgentPolicies({ logger, refusal }, config);
    this.#guard = new Guard({
      socket: join(config.runDir, 'guard.sock'),
      spool: join(config.runDir, 'alerts.spool'),
      logFile: join(config.runDir, 'guard.log'),
      keeperCommand: guardCommand(config),
      logger,
      onGap: (milliseconds) => {
        this.#tellGap(milliseconds);
      },
    });
    this.#confirmations = new Confirmations(join(config.stateDir, 'confirmations.json'), {
      nowMs: Date.now,
      logger,
    });
    this.#state = new StateFeed(() =>
      stateObjects({ node: this.#node, facts: this.#host(), live: this.#live, workloads: this.#inForce() }),
    );
    this.#grpc = this.#createGrpc(refusal);
    this.#neighbours = new NeighbourWatch({
      logger,
      find: () => findOtherKubearmor({ bpfFsPath: config.bpfFsPath, proc: procfs() }),
    });
    this.#metrics = new AgentMetrics(
      { counters: this.#counters, logger, status: () => this.status() },
      { address: config.metrics, runDir: config.runDir },
    );
    const { tally } = this.#metrics;
    this.#telemetry = new AgentTelemetry(
      { counters: this.#counters, logger, feeds: this.#grpc.feeds, tally, find: (id) => this.#find(id) },
      config,
      this.#node,
    );
    const logWatcher = this.#telemetry.watcher((id) => this.#guard.rootOf(id));
    const watcher = new StateWatcher(this.#state, logWatcher);
    this.#registry = new WorkloadRegistry({
      enforcer: this.#guard,
      watcher,
      scopes: this.#scopes,
      postures: config.postures,
      cgroups: join(unifiedRoot(), scopesCgroup(config.runDir)),
      logger,
      nowMs: Date.now,
    });
    this.#machine = new MachineRegistry({
      enforcer: this.#guard,
      watcher,
      units: findUnits(config),
      ids: new UnitIds(join(config.runDir, 'units.json')),
      host,
      postures: config.postures,
      hostPostures: config.hostPostures,
      logger,
      nowMs: Date.now,
    });
  }

  /** Puts the last good policies in force, then listens. */
  async start(): Promise<void> {
    await refuseSecond(this.#config.socket);
    this.#setDebug(this.#config.isDebug);
    writeRunFiles(this.#config.runDir, ensureBpffs(this.#config.bpfFsPath));
    this.#capabilities = probeCapabilities();
    this.#choice = this.#isOff
      ? { kind: 'none', reason: OFF, considered: [] }
      : chooseEnforcer(this.#capabilities, this.#config.enforcers);
    process.stderr.write(`${startLine(this.#choice, this.#capabilities, this.#config.version)}\n`);
    this.#neighbours.start();
    if (this.#isOff) this.#logger.warn({ reason: OFF }, 'nothing is enforced on this machine');
    else await this.#enforce();
    await this.#grpc.start();
    await this.#metrics.start();
    this.#server = await this.#serve();
    this.#watcher = new PolicyWatch(this.#config.policies, () => {
      this.#scheduleRead();
    });
    this.#timers.push(
      setInterval(() => {
        if (this.#isOff) return;
        this.#schedule(() => this.#registry.sweep());
        this.#schedule(() => this.#machine.sweep());
        void this.#ignoreGuard();
      }, SWEEP_MS),
      setInterval(() => {
        if (!this.#isOff) void this.#countLosses();
      }, COUNT_MS),
    );
    this.#logger.info({ socket: this.#config.socket, policies: this.#config.policies }, 'agent is ready');
  }

  async #enforce(): Promise<void> {
    if (this.#choice.kind === 'none') throw new AgentError('NO_ENFORCER', this.#choice.reason);
    await this.#guard.start();
    await this.#telemetry.logs.start();
    await this.#grpc.pushed.start();
    await this.#readPolicies();
    await this.#registry.recover(this.#guard.held());
    await this.#machine.recover(this.#guard.held());
    await this.#guard.settle();
    this.#telemetry.start(this.#guard);
  }

  /** Stops the agent; enforcement goes on. */
  async stop(): Promise<void> {
    this.#watcher?.close();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#server?.close();
    await this.#applying;
    await this.#telemetry.stop();
    await this.#grpc.stop();
    await this.#metrics.stop();
    this.#neighbours.stop();
    await this.#guard.stop();
    this.#logger.info({}, 'agent has stopped, enforcement goes on');
  }

  /** Takes over what has changed in the configuration and can be changed now. */
  reconfigure(live: LiveConfig): void {
    this.#live = live;
    this.#setDebug(live.isDebug);
    this.#schedule(() => this.#registry.setPostures(live.postures));
    this.#schedule(() => this.#machine.setPostures(live.postures, live.hostPostures));
    this.#schedule(() => this.#telemetry.reconfigure(live));
  }

  /** What is in force. */
  async status(): Promise<AgentStatus> {
    const { workloads, counters } = this.#isOff ? NOTHING : await this.#guard.readBack();
    this.#telemetry.losses.take(counters);
    const tasks = new Map(workloads.map((workload) => [workload.id, workload.tasks]));
    const inForce = this.#inForce();
    return {
      version: this.#config.version,
      pid: process.pid,
      enforcer: this.#choice,
      onError: this.#config.onError,
      capabilities: this.#capabilities,
      workloads: workloadStatuses(inForce, tasks),
      policies: policyStatuses(this.#policies.state.files, inForce, (rule) => this.#guard.supports(rule)),
      problems: this.#policies.state.problems,
      configuration: this.#deps.configuration(),
      unconfirmed: this.#confirmations
        .all()
        .map(({ key, deadlineMs }) => ({ policy: key, until: new Date(deadlineMs).toISOString() })),
      otherKubearmor: this.#neighbours.found,
      counters: { ...counters, ...counterValues(this.#counters) },
      monitor: await this.#telemetry.logs.state(),
      drops: this.#grpc.feeds.drops.all(),
      clients: this.#grpc.clients,
    };
  }

  #setDebug(isDebug: boolean): void {
    this.#logger.level = isDebug ? 'debug' : 'info';
    this.#deps.relay.tellTo(isDebug ? this.#grpc.feeds : undefined);
  }

  #createGrpc(policyRefusal: PolicyRefusal): AgentGrpc {
    const { grpc, runDir, isStateAgentEnabled } = this.#config;
    return new AgentGrpc(
      {
        counters: this.#counters,
        logger: this.#logger,
        probe: {
          probe: () =>
            Promise.resolve(
              probed(this.#config.host, this.#inForce(), this.#policies.keysOf('KubeArmorHostPolicy')),
            ),
        },
        state: isStateAgentEnabled ? this.#state : undefined,
        isPolicyFile: (key) => this.#policies.isFile(key),
        confirmations: this.#confirmations,
        policyRefusal,
        applyPolicies: () => this.#exclusively(() => this.#readPolicies()),
        isWorkload: (pid) => `${cgroupOf(pid) ?? ''}/`.startsWith(`/${scopesCgroup(runDir)}/`),
        prepareLogs: () => this.#telemetry.logs.prepare(),
        onLogsWatched: (isWatched) => {
          this.#telemetry.logs.setWatched(isWatched);
        },
      },
      {
        grpc,
        node: this.#node,
        policies: this.#policies.pushedDirectory,
        kinds: this.#policies.pushedKinds,
        defaultNamespace: DEFAULT_NAMESPACE,
        runDir,
      },
    );
  }

  async #countLosses(): Promise<void> {
    const { counters } = await this.#guard.readBack();
    this.#telemetry.losses.take(counters);
  }

  // What they do for each other would be told without end.
  async #ignoreGuard(): Promise<void> {
    this.#telemetry.logs.ignore(await this.#guard.pids());
  }

  #inForce(): readonly InForce[] {
    return [...this.#registry.all(), ...this.#machine.all()];
  }

  #host(): HostFacts {
    const { postures, hostPostures, hostVisibility } = this.#live;
    return hostFacts({
      enforcer: this.#choice.kind,
      isHostProtected: this.#machine.all().some(({ scope }) => scope.id === WORKLOAD.host),
      postures,
      hostPostures,
      hostVisibility: describeVisibility(hostVisibility),
    });
  }

  async #serve(): Promise<JsonServer> {
    return serveJson(this.#config.socket, {
      mode: 0o600,
      handlers: {
        ping: async () => Promise.resolve({ pid: process.pid, version: this.#config.version }),
        status: async () => this.status(),
        host: () => Promise.resolve(this.#host()),
        ...policyHandlers({
          status: () => this.status(),
          state: () => this.#policies.state,
          postures: () => this.#live.postures,
          isPolicyFile: (key) => this.#policies.isFile(key),
          pidsOf: (id) => this.#registry.pidsOf(id),
          confirmations: this.#confirmations,
        }),
        ...scopeHandlers({
          scopes: this.#scopes,
          registry: this.#registry,
          exclusively: (work) => this.#exclusively(work),
          refuse: () => {
            if (this.#isOff)
              throw new AgentError('SWITCHED_OFF', `scope: expected a machine that enforces, ${OFF}`);
          },
        }),
      },
    });
  }

  // One that waits is enough, however many changes come meanwhile.
  #scheduleRead(): void {
    if (this.#isReadDue) return;
    this.#isReadDue = true;
    this.#schedule(async () => {
      this.#isReadDue = false;
      await this.#readPolicies();
    });
  }

  async #readPolicies(): Promise<void> {
    const policies = await this.#policies.read();
    if (this.#isOff) return;
    await this.#registry.setPolicies(policies);
    await this.#machine.setPolicies(policies);
  }

  #find(id: number): Scope | undefined {
    return this.#machine.find(id) ?? this.#scopes.find(id);
  }

  #schedule(work: () => Promise<void>): void {
    void this.#exclusively(work).catch((thrown: unknown) => {
      this.#logger.error({ err: thrown }, 'change could not be carried out');
    });
  }

  // One change at a time: a scope that starts while policies change gets the old set or the new one.
  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#applying.then(work);
    this.#applying = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  #tellGap(milliseconds: number): void {
    this.#counters.counter('keeper_replacements').add();
    this.#logger.error(
      { milliseconds },
      'keeper was gone: files were judged by an answerer that was left, or not at all',
    );
  }
}
