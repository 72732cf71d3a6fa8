import { write } from './file-descriptor.js';

const METADATA_SIZE = 24;
const METADATA_VERSION = 3;
const FAN_ALLOW = 1;
const FAN_DENY = 2;

/** The events of one read from a fanotify group, stepped through without allocating. */
export class FanotifyBatch {
  #view: DataView = new DataView(new ArrayBuffer(0));
  #buffer: Uint8Array | undefined;
  #end = 0;
  #next = 0;
  #offset = 0;

  /** Starts over on what a read left in a buffer. */
  reset(buffer: Uint8Array, length: number): void {
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    }
    this.#end = length;
    this.#next = 0;
  }

  /** Moves to the next event; false at the end, or at something that is not an event of version 3. */
  next(): boolean {
    const offset = this.#next;
    if (offset + METADATA_SIZE > this.#end) return false;
    const length = this.#view.getUint32(offset, true);
    if (length < METADATA_SIZE || this.#view.getUint8(offset + 4) !== METADATA_VERSION) return false;
    this.#offset = offset;
    this.#next = offset + length;
    return true;
  }

  /** The low 32 bits of the event's mask, where all events are that we use. */
  get mask(): number {
    return this.#view.getUint32(this.#offset + 8, true);
  }

  /** The descriptor of the file, to be closed by the reader; -1 for an overflow. */
  get fd(): number {
    return this.#view.getInt32(this.#offset + 16, true);
  }

  /** The thread (or process, as the group was opened); 0 when it is outside our pid namespace. */
  get pid(): number {
    return this.#view.getInt32(this.#offset + 20, true);
  }
}

const response = new Int32Array(2);
const responseBytes = new Uint8Array(response.buffer);

/** Answers a permission event: 8, or -errno. A refused answer leaves the opener waiting, so look at it. */
export function respond(fd: number, eventFd: number, isAllowed: boolean): number {
  response[0] = eventFd;
  response[1] = isAllowed ? FAN_ALLOW : FAN_DENY;
  return write(fd, responseBytes, 8);
}
