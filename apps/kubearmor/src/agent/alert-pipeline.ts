import type { Enforcer, RaisedAlert } from '@kubearmor/enforcers';
import { UserNames } from '@kubearmor/kernel';
import { createSystemClock, type Counter, type Counters } from '@kubearmor/service';
import { FanOut, Throttle, type Alert, type AlertNode, type AlertSink } from '@kubearmor/telemetry';
import type { AuditAlert } from '../logs/audit-alert.js';
import type { AgentConfig } from './agent-config.js';
import { describeWorkload } from './describe-workload.js';
import type { Outlets } from './outlets.js';
import type { Scopes } from './scopes.js';

/** What the pipeline needs. */
export interface AlertPipelineDeps {
  readonly scopes: Pick<Scopes, 'find'>;
  readonly counters: Counters;
  readonly outlets: Pick<Outlets, 'alertFile' | 'alertStream'>;
  /** Where alerts go besides. */
  readonly sinks: readonly AlertSink[];
}

/** How the pipeline is. */
export interface AlertPipelineOptions {
  readonly node: AlertNode;
  readonly throttle: AgentConfig['throttle'];
}

/** Brings alerts from the enforcer to where users read them. */
export class AlertPipeline {
  readonly #scopes: Pick<Scopes, 'find'>;
  readonly #users = new UserNames();
  readonly #sink: AlertSink;
  readonly #file: AlertSink | undefined;
  readonly #node: AlertNode;
  #throttle: Throttle | undefined;
  readonly #raised: Counter;
  readonly #heldBack: Counter;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: AlertPipelineDeps, { node, throttle }: AlertPipelineOptions) {
    const { scopes, counters, outlets, sinks } = deps;
    this.#scopes = scopes;
    this.#raised = counters.counter('alerts_raised');
    this.#heldBack = counters.counter('alerts_held_back');
    this.#node = node;
    this.#file = outlets.alertFile;
    const written = [outlets.alertStream, outlets.alertFile].filter((sink) => sink !== undefined);
    this.#sink = new FanOut({ counters }, [...sinks, ...written]);
    this.#throttle = this.#createThrottle(throttle);
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

  /** Takes an alert that is composed already. */
  raise({ workload, rule, alert }: AuditAlert): void {
    this.#raised.add();
    if (this.#throttle?.admits(alert, { workload: String(workload), rule }) ?? true) this.#sink.write(alert);
    else this.#heldBack.add();
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
    const scope = this.#scopes.find(raised.workload);
    const workload = scope === undefined ? { ContainerID: String(raised.workload) } : describeWorkload(scope);
    const userName = (uid: number): string => this.#users.userName(uid);
    const alert = raised.compose({ node: this.#node, workload, userName });
    this.raise({ workload: raised.workload, rule: raised.rule, alert });
  }
}
