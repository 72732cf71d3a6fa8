import type { Http2Session } from 'node:http2';

/** How a {@link SessionKeeper} looks after sessions. */
export interface SessionKeeperOptions {
  /** How often each session is asked whether its client is there. By default 10,000. */
  readonly pingIntervalMs?: number;
}

const PING_INTERVAL_MS = 10_000;

/** Knows the sessions of a server, ends those whose client is gone without a word, and closes all in the end. */
export class SessionKeeper {
  readonly #sessions = new Map<Http2Session, { isAnswering: boolean }>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: SessionKeeperOptions = {}) {
    this.#timer = setInterval(() => {
      this.#pingAll();
    }, options.pingIntervalMs ?? PING_INTERVAL_MS);
    this.#timer.unref();
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Looks after a session until it closes. */
  add(session: Http2Session): void {
    this.#sessions.set(session, { isAnswering: true });
    // A connection that breaks concerns its client alone.
    session.on('error', () => undefined);
    session.once('close', () => this.#sessions.delete(session));
  }

  /** Asks clients to leave, and cuts off after a time those that do not. */
  async close(timeoutMs: number): Promise<void> {
    clearInterval(this.#timer);
    const closed = [...this.#sessions.keys()].map(async (session) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      session.once('close', () => {
        resolve(undefined);
      });
      session.close();
      await promise;
    });
    const cutOff = setTimeout(() => {
      for (const session of this.#sessions.keys()) session.destroy();
    }, timeoutMs);
    await Promise.all(closed);
    clearTimeout(cutOff);
  }

  #pingAll(): void {
    for (const [session, state] of this.#sessions) {
      if (!state.isAnswering) {
        session.destroy();
        continue;
      }
      state.isAnswering = false;
      if (!session.destroyed && !session.closed) {
        session.ping((error) => {
          state.isAnswering = error === null;
        });
      }
    }
  }
}
