import { readFields } from './read-fields.ts';

const LOG = { UpdatedTime: 2, HostPID: 9, Resource: 16 } as const;

/** Checks that what each process did comes in the order in which it did it. */
export class OrderCheck {
  readonly #lastOf = new Map<number, string>();
  #compared = 0;
  #outOfOrder: string | undefined;

  /** How many logs came after another one of their process. */
  get compared(): number {
    return this.#compared;
  }

  /** The first that came too late; undefined while none has. */
  get outOfOrder(): string | undefined {
    return this.#outOfOrder;
  }

  /** Takes the next log, as protobuf. */
  take(message: Buffer): void {
    const fields = readFields(message);
    const pid = Number(fields.get(LOG.HostPID));
    const time = String(fields.get(LOG.UpdatedTime));
    const last = this.#lastOf.get(pid);
    this.#lastOf.set(pid, time);
    if (last === undefined) return;
    this.#compared += 1;
    if (time < last) this.#outOfOrder ??= `process ${pid}: ${time} after ${last}`;
  }
}
