import type { Monitor } from '@kubearmor/monitor';
import type { LogLoss } from './log-thread-protocol.js';

const HOST = 0;

/** Says what was lost since it was asked last. */
export class LossReport {
  readonly #monitor: Monitor;
  readonly #nameOf: (id: number) => string;
  readonly #told = new Map<number, { readonly ringFull: number; readonly busy: number }>();
  readonly #oversize = new Map<string, number>();
  #invalid = 0;
  #unknownWorkload = 0;

  /** `nameOf` gives a workload's ContainerID. */
  constructor(monitor: Monitor, nameOf: (id: number) => string) {
    this.#monitor = monitor;
    this.#nameOf = nameOf;
  }

  /** Notes a log that is too long for any client. */
  oversize(workload: string): void {
    this.#oversize.set(workload, (this.#oversize.get(workload) ?? 0) + 1);
  }

  /** What the kernel's side lost of a workload. */
  of(id: number): readonly LogLoss[] {
    const { ringFull, busy } = this.#monitor.tally(id);
    const told = this.#told.get(id) ?? { ringFull: 0, busy: 0 };
    this.#told.set(id, { ringFull, busy });
    const workload = id === HOST ? '' : this.#nameOf(id);
    return [
      ...lossOf('ring-full', workload, ringFull - told.ringFull),
      ...lossOf('busy', workload, busy - told.busy),
    ];
  }

  /** What was lost after the ring. */
  ofNobody(): readonly LogLoss[] {
    const { invalid, unknownWorkload } = this.#monitor.drops;
    const losses = [
      ...lossOf('invalid', '', invalid - this.#invalid),
      ...lossOf('unknown-workload', '', unknownWorkload - this.#unknownWorkload),
      ...[...this.#oversize].flatMap(([workload, count]) => lossOf('oversize', workload, count)),
    ];
    this.#invalid = invalid;
    this.#unknownWorkload = unknownWorkload;
    this.#oversize.clear();
    return losses;
  }

  /** A workload that is gone; what is lost of it was asked for. */
  forget(id: number): void {
    this.#told.delete(id);
  }
}

function lossOf(cause: LogLoss['cause'], workload: string, messages: number): LogLoss[] {
  return messages > 0 ? [{ cause, shares: [{ workload, messages }] }] : [];
}
