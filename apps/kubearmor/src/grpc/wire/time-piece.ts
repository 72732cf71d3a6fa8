import { eventTime } from '@kubearmor/telemetry';
import { WireWriter } from './wire-writer.js';

const TIMESTAMP = 1;
const UPDATED_TIME = 2;
const US_PER_SECOND = 1_000_000;
const NS_PER_US = 1_000n;
const DIGIT_ZERO = 0x30;
const DIGITS = 6;
/** The most that the two fields take. */
const MAX_BYTES = 64;

/** The two time fields, fields 1 and 2 of alerts, logs and messages, spelled anew only once a second. */
export class TimePiece {
  readonly #wire = new WireWriter(Buffer.alloc(MAX_BYTES));
  #second = -1;
  #bytes: Buffer = Buffer.alloc(0);

  /** The fields' bytes, valid until the next call. */
  at(atUs: number): Buffer {
    const second = Math.floor(atUs / US_PER_SECOND);
    if (second !== this.#second) this.#spell(second);
    let rest = atUs - second * US_PER_SECOND;
    // The last byte is the Z.
    const last = this.#bytes.length - 2;
    for (let index = 0; index < DIGITS; index++) {
      const tenth = Math.floor(rest / 10);
      this.#bytes[last - index] = DIGIT_ZERO + rest - tenth * 10;
      rest = tenth;
    }
    return this.#bytes;
  }

  #spell(second: number): void {
    const { Timestamp, UpdatedTime } = eventTime(BigInt(second * US_PER_SECOND) * NS_PER_US);
    this.#wire.position = 0;
    this.#wire.int64(TIMESTAMP, Timestamp);
    this.#wire.text(UPDATED_TIME, UpdatedTime);
    this.#bytes = this.#wire.written();
    this.#second = second;
  }
}
