import { readSync, writeSync } from 'node:fs';
import { encodeLaunchMessage, type LauncherReply } from './launch-order.js';

const LINE_FEED = 0x0a;

/** The launcher's end of the handshake: it waits in read(2), since it must not start threads or open files meanwhile. */
export class LaunchPipe {
  readonly #fd: number;
  readonly #chunk = Buffer.alloc(65_536);
  #pending: Buffer = Buffer.alloc(0);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The next message; undefined when the other end is gone. */
  receive(): unknown {
    for (;;) {
      const end = this.#pending.indexOf(LINE_FEED);
      if (end >= 0) {
        const line = this.#pending.toString('utf8', 0, end);
        this.#pending = this.#pending.subarray(end + 1);
        return JSON.parse(line);
      }
      const count = readSync(this.#fd, this.#chunk);
      if (count === 0) return undefined;
      this.#pending = Buffer.concat([this.#pending, this.#chunk.subarray(0, count)]);
    }
  }

  /** Sends an answer. */
  send(reply: LauncherReply): void {
    const bytes = Buffer.from(encodeLaunchMessage(reply), 'utf8');
    for (let sent = 0; sent < bytes.length;) sent += writeSync(this.#fd, bytes, sent);
  }
}
