import { serveJson, type JsonServer } from '@kubearmor/service';
import type { Keeper } from './keeper.js';
import { ownSchema, removeSchema, putSchema, unitsSchema } from './keeper-messages.js';

/** Serves a keeper to the agent on a socket that only root can open. */
export async function serveKeeper(path: string, keeper: Keeper, ended: () => void): Promise<JsonServer> {
  return serveJson(path, {
    mode: 0o600,
    handlers: {
      ping: async () => Promise.resolve(keeper.ping()),
      // Held open: its end tells the agent of the keeper's at once.
      watch: async (_params, { signal }) => untilAborted(signal),
      held: async () => Promise.resolve(keeper.held()),
      put: async (params) => {
        const { workload, tid } = putSchema.parse(params);
        return keeper.put(workload, tid);
      },
      own: async (params) => {
        keeper.tasks.own(ownSchema.parse(params).pid);
        return Promise.resolve({});
      },
      units: async (params) => {
        const { hierarchy, units } = unitsSchema.parse(params);
        return Promise.resolve(keeper.tasks.setUnits(hierarchy, units));
      },
      settle: async () => {
        await keeper.settle();
        return {};
      },
      remove: async (params) => {
        await keeper.remove(removeSchema.parse(params).id);
        return {};
      },
      count: async () => keeper.count(),
      release: async () => {
        await keeper.release();
        // The answer must be on its way before the process ends.
        setImmediate(ended);
        return {};
      },
    },
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<undefined>();
  signal.addEventListener('abort', () => {
    aborted.resolve(undefined);
  });
  if (!signal.aborted) await aborted.promise;
}
