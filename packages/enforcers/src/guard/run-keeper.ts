import { Keeper, type KeeperOptions } from './keeper.js';
import { AlertOutbox, serveKeeper } from './keeper-server.js';
import { Spool } from './spool.js';

/** How a keeper process is run. */
export interface RunKeeperOptions extends Omit<KeeperOptions, 'onAlert'> {
  /** Where the keeper listens. */
  readonly socket: string;
  /** Where alerts go while there is no agent to take them. */
  readonly spool: string;
}

/** Runs a keeper until it is told to release. */
export async function runKeeper(options: RunKeeperOptions): Promise<void> {
  const outbox = new AlertOutbox(new Spool(options.spool));
  const keeper = new Keeper({
    ...options,
    onAlert: (alert) => {
      outbox.put(alert);
    },
  });
  await keeper.start();
  const ended = Promise.withResolvers<void>();
  await using server = await serveKeeper(options.socket, keeper, outbox, () => {
    ended.resolve();
  });
  options.logger.info({ socket: server.path, answerer: keeper.answererPid }, 'keeper is ready');
  await ended.promise;
}
