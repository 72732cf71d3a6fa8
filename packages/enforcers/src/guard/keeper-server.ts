import { BoundedQueue, serveJson, type JsonServer } from '@kubearmor/service';
import type { GuardAlert } from './guard-alert.js';
import type { Keeper } from './keeper.js';
import { removeSchema, putSchema } from './keeper-messages.js';
import type { Spool } from './spool.js';

/** Hands the keeper's alerts to an agent, and puts them aside while there is none. */
export class AlertOutbox {
  readonly #spool: Spool;
  #queue: BoundedQueue<GuardAlert> | undefined;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** How many alerts could neither be handed over nor put aside. */
  get dropped(): number {
    return this.#spool.dropped;
  }

  put(alert: GuardAlert): void {
    if (this.#queue === undefined || !this.#queue.push(alert)) this.#spool.put(alert);
  }

  /** Sends what was put aside and everything that comes, until the signal. */
  async stream(send: (event: unknown) => Promise<void>, signal: AbortSignal): Promise<void> {
    const queue = new BoundedQueue<GuardAlert>({ maxItems: 65_536 });
    this.#queue = queue;
    for (const alert of this.#spool.take()) await send(alert);
    try {
      for await (const alert of queue.drain({ signal })) await this.#send(send, alert);
    } finally {
      if (this.#queue === queue) this.#queue = undefined;
      queue.close();
      for await (const alert of queue.drain()) this.#spool.put(alert);
    }
  }

  // An alert on its way when the agent dies is put aside, not lost.
  async #send(send: (event: unknown) => Promise<void>, alert: GuardAlert): Promise<void> {
    try {
      await send(alert);
    } catch (thrown) {
      this.#spool.put(alert);
      throw thrown;
    }
  }
}

/** Serves a keeper to the agent on a socket that only root can open. */
export async function serveKeeper(
  path: string,
  keeper: Keeper,
  outbox: AlertOutbox,
  ended: () => void,
): Promise<JsonServer> {
  return serveJson(path, {
    mode: 0o600,
    handlers: {
      ping: async () =>
        Promise.resolve({
          pid: process.pid,
          answerer: keeper.answererPid,
          replacements: keeper.replacements,
        }),
      held: async () => Promise.resolve(keeper.held()),
      put: async (params) => {
        const { workload, tid } = putSchema.parse(params);
        return keeper.put(workload, tid);
      },
      remove: async (params) => {
        await keeper.remove(removeSchema.parse(params).id);
        return {};
      },
      count: async () => ({
        ...(await keeper.count()),
        alertsDropped: outbox.dropped,
        replacements: keeper.replacements,
      }),
      alerts: async (_params, { send, signal }) => outbox.stream(send, signal),
      release: async () => {
        keeper.release();
        // The answer must be on its way before the process ends.
        setImmediate(ended);
        return Promise.resolve({});
      },
    },
  });
}
