import type { Enforcer, RaisedAlert } from '@kubearmor/enforcers';
import { UserNames } from '@kubearmor/kernel';
import { createSystemClock, type Counters } from '@kubearmor/service';
import {
  FanOut,
  FileSink,
  formatAlertJson,
  formatAlertText,
  formatLegacyAlertJson,
  StreamSink,
  Throttle,
  type Alert,
  type AlertFormat,
  type AlertNode,
  type AlertSink,
} from '@kubearmor/telemetry';
import { createWriteStream } from 'node:fs';
import type { AgentConfig } from './agent-config.js';
import type { Scopes } from './scopes.js';

/** Brings alerts from the enforcer to where users read them. */
export class AlertPipeline {
  readonly #scopes: Pick<Scopes, 'find'>;
  readonly #sink: AlertSink;
  readonly #file: AlertSink | undefined;
  readonly #node: AlertNode;
  #throttle: Throttle | undefined;
  readonly #counters: Counters;
  readonly #userName: (uid: number) => string;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `more` are sinks beside the file and standard output. */
  constructor(
    config: AgentConfig,
    scopes: Pick<Scopes, 'find'>,
    counters: Counters,
    more: readonly AlertSink[] = [],
  ) {
    this.#scopes = scopes;
    const users = new UserNames();
    this.#userName = (uid) => users.userName(uid);
    this.#counters = counters;
    this.#node = { ClusterName: config.cluster, HostName: config.host, KubeArmorVersion: config.version };
    this.#file = createFileSink(config, counters);
    this.#sink = new FanOut({ counters }, [
      ...more,
      ...createStreamSinks(config, counters),
      ...(this.#file === undefined ? [] : [this.#file]),
    ]);
    this.#throttle = this.#createThrottle(config.throttle);
  }

  /** Starts to take alerts. */
  start(enforcer: Enforcer): void {
    this.#running = this.#run(enforcer);
    this.#timer = setInterval(() => this.#throttle?.closeExpired(), 1000);
    this.#timer.unref();
  }

  /** Holds alerts back otherwise from now on; what was held back until now is told. */
  setThrottle(throttle: AgentConfig['throttle']): void {
    this.#throttle?.closeAll();
    this.#throttle = this.#createThrottle(throttle);
  }

  /** Stops, with everything written that was taken. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    await this.#running;
    this.#throttle?.closeAll();
    await this.#sink.flush();
    await this.#sink.close();
  }

  #createThrottle(throttle: AgentConfig['throttle']): Throttle | undefined {
    if (throttle === undefined) return undefined;
    const report = (alert: Alert): void => {
      this.#sink.write(alert);
    };
    return new Throttle({ clock: createSystemClock(), report }, throttle);
  }

  // The next batch is asked for when this one is in the file: what an agent's death leaves unwritten, the next one
  // gets. Standard output is not waited for, since its reader may have stopped reading.
  async #run(enforcer: Enforcer): Promise<void> {
    for await (const batch of enforcer.alerts({ signal: this.#stopping.signal })) {
      for (const raised of batch) this.#take(raised);
      await this.#file?.flush();
    }
  }

  #take(raised: RaisedAlert): void {
    const workload = this.#describe(raised.workload);
    const alert = raised.compose({ node: this.#node, workload, userName: this.#userName });
    this.#counters.counter('alerts_raised').add();
    const key = { workload: String(raised.workload), rule: raised.rule };
    if (this.#throttle?.admits(alert, key) ?? true) this.#sink.write(alert);
    else this.#counters.counter('alerts_held_back').add();
  }

  #describe(
    id: number,
  ): Pick<
    Alert,
    'NamespaceName' | 'PodName' | 'ContainerID' | 'ContainerName' | 'ContainerImage' | 'Labels'
  > {
    const scope = this.#scopes.find(id);
    if (scope === undefined) return { ContainerID: String(id) };
    const labels = Object.entries(scope.labels).map(([key, value]) => `${key}=${value}`);
    return {
      NamespaceName: scope.namespace,
      PodName: scope.name,
      ContainerID: String(id),
      ContainerName: scope.name,
      ContainerImage: scope.image,
      Labels: labels.join(','),
    };
  }
}

const FORMATS: Readonly<Record<AgentConfig['logFormat'], AlertFormat>> = {
  json: (alert) => formatAlertJson(alert),
  text: (alert) => formatAlertText(alert),
  legacy: (alert) => formatLegacyAlertJson(alert),
};

function createStreamSinks(config: AgentConfig, counters: Counters): AlertSink[] {
  const onStdout = config.logPath === 'stdout' ? jsonOrText(config.logFormat) : config.alertsOnStdout;
  if (onStdout === 'none') return [];
  // A pipe that nobody reads must not hold up the agent: not process.stdout, whose writes to pipes wait.
  const stream = createWriteStream('', { fd: 1, autoClose: false });
  return [new StreamSink({ stream, counters }, { format: FORMATS[onStdout], name: 'stdout' })];
}

function createFileSink({ logPath, logFormat }: AgentConfig, counters: Counters): AlertSink | undefined {
  if (logPath === 'none' || logPath === 'stdout') return undefined;
  return new FileSink({ counters }, { path: logPath, format: FORMATS[logFormat] });
}

function jsonOrText(format: AgentConfig['logFormat']): 'json' | 'text' {
  return format === 'text' ? 'text' : 'json';
}
