import type { Clock } from '@kubearmor/service';
import type { Alert } from './alert.js';
import { eventData } from './event-data.js';
import { eventTime } from './event-time.js';

/** What alerts are counted by. */
export interface ThrottleKey {
  /** Whatever identifies the workload. */
  readonly workload: string;
  /** The rule that decided; a posture is one rule per kind. */
  readonly rule: string;
}

/** How a {@link Throttle} throttles. */
export interface ThrottleOptions {
  /** How many alerts of one rule in one workload pass within a second. */
  readonly maxAlertPerSec: number;
  /** How long the window of a rule that exceeds that lasts, in seconds. */
  readonly throttleSec: number;
  /** How many rules of workloads are counted at the same time; beyond, the one longest silent is closed. By default 10,000. */
  readonly maxWindows?: number;
}

/** What a {@link Throttle} needs. */
export interface ThrottleDependencies {
  readonly clock: Clock;
  /** Takes the alert that says how many were held back. */
  readonly report: (alert: Alert) => void;
}

interface Window {
  readonly rule: string;
  startedAtMs: number;
  count: number;
  heldBack: number;
  /** The first alert that was held back; undefined while none is. */
  sample: Alert | undefined;
}

const SECOND_MS = 1_000;

/** Holds back the alerts of a rule that fires too often in a workload, and reports how many they were. */
export class Throttle {
  readonly #deps: ThrottleDependencies;
  readonly #options: ThrottleOptions;
  readonly #maxWindows: number;
  /** In the order in which they were last used. */
  readonly #windows = new Map<string, Window>();

  constructor(deps: ThrottleDependencies, options: ThrottleOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#maxWindows = options.maxWindows ?? 10_000;
  }

  /** Counts an alert; false when it is to be held back. */
  admits(alert: Alert, key: ThrottleKey): boolean {
    const window = this.#windowOf(key);
    if (window.sample === undefined) window.count += 1;
    if (window.count <= this.#options.maxAlertPerSec) return true;
    window.sample ??= alert;
    window.heldBack += 1;
    return false;
  }

  /** Closes the windows whose time is over and reports what they held back. To be called about once a second. */
  closeExpired(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const [id, window] of this.#windows) {
      if (nowMs >= this.#endsAtMs(window)) this.#close(id, window);
    }
  }

  /** Closes all windows, for the end of the process. */
  closeAll(): void {
    for (const [id, window] of this.#windows) this.#close(id, window);
  }

  #windowOf(key: ThrottleKey): Window {
    const id = `${key.workload}\0${key.rule}`;
    const nowMs = this.#deps.clock.nowMs();
    const known = this.#windows.get(id);
    if (known !== undefined && nowMs < this.#endsAtMs(known)) {
      this.#windows.delete(id);
      this.#windows.set(id, known);
      return known;
    }
    if (known !== undefined) this.#close(id, known);
    this.#makeRoom();
    const window = { rule: key.rule, startedAtMs: nowMs, count: 0, heldBack: 0, sample: undefined };
    this.#windows.set(id, window);
    return window;
  }

  #makeRoom(): void {
    if (this.#windows.size < this.#maxWindows) return;
    for (const [id, window] of this.#windows) {
      this.#close(id, window);
      return;
    }
  }

  #endsAtMs(window: Window): number {
    const lastsMs = window.sample === undefined ? SECOND_MS : this.#options.throttleSec * SECOND_MS;
    return window.startedAtMs + lastsMs;
  }

  #close(id: string, window: Window): void {
    this.#windows.delete(id);
    if (window.sample !== undefined) this.#deps.report(this.#notice(window.sample, window));
  }

  #notice(sample: Alert, window: Window): Alert {
    const operation = { Operation: 'AlertThreshold', Data: `heldBack=${window.heldBack}` };
    return {
      ...withoutOperation(sample),
      ...eventTime(this.#deps.clock.wallNs()),
      ...operation,
      PPID: 0,
      UID: 0,
      Type: 'SystemEvent',
      Message: `${window.heldBack} alerts were held back`,
      Result: 'Passed',
      MaxAlertsPerSec: this.#options.maxAlertPerSec,
      DroppingAlertsInterval: this.#options.throttleSec,
      EventData: eventData(operation, window.rule),
    };
  }
}

/** Where the alert came from, without who did what there: empty fields are absent ones. */
function withoutOperation(alert: Alert): Alert {
  const process = { HostPPID: 0, HostPID: 0, PID: 0, ParentProcessName: '', ProcessName: '', UserName: '' };
  const context = {
    Cwd: '',
    TTY: '',
    ExecEvent: {},
    ProcessHash: '',
    ParentHash: '',
    ResourceHash: '',
    HashAlgo: '',
  };
  const decision = { PolicyName: '', Severity: '', Tags: '', ATags: [], Action: '' };
  return { ...alert, ...process, ...context, ...decision, Source: '', Resource: '' };
}
