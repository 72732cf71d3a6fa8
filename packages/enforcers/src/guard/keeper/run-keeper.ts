import { Keeper } from './keeper.js';
import type { KeeperOptions } from './keeper-options.js';
import { serveKeeper } from './keeper-server.js';

/** How a keeper process is run. */
export interface RunKeeperOptions extends Omit<KeeperOptions, 'nowMs'> {
  /** Where the keeper listens. */
  readonly socket: string;
}

/** Runs a keeper until it is told to release. */
export async function runKeeper(options: RunKeeperOptions): Promise<void> {
  const keeper = await Keeper.open({ ...options, nowMs: Date.now });
  await keeper.start();
  const ended = Promise.withResolvers<undefined>();
  await using server = await serveKeeper(options.socket, keeper, () => {
    ended.resolve(undefined);
  });
  options.logger.info({ socket: server.path, answerer: keeper.ping().answerer }, 'keeper is ready');
  await ended.promise;
}
