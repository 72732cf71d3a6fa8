import { retry } from '@kubearmor/service';
import type { WatchSession } from './watch-session.js';

/** What {@link watchEvents} needs. */
export interface WatchEventsDependencies {
  /** Makes a session, on a connection of its own. */
  readonly open: () => WatchSession;
  readonly note: (line: string) => void;
}

const MAX_DELAY_MS = 5_000;

/** Follows the streams until the signal is aborted. The first connection must succeed; one that is lost is tried again. */
export async function watchEvents(deps: WatchEventsDependencies, signal: AbortSignal): Promise<void> {
  let session: WatchSession | undefined = deps.open();
  await session.check(signal);
  await retry(
    async (context) => {
      const current = session ?? deps.open();
      if (session === undefined) await current.check(signal);
      session = undefined;
      context.markWorking();
      await current.follow(signal);
    },
    {
      signal,
      maxDelayMs: MAX_DELAY_MS,
      onStateChange: (state) => {
        if (state.kind === 'working')
          deps.note('Connected again; what happened in between is not shown here');
        else deps.note(`Lost the connection: ${reasonOf(state.error)}; trying again`);
      },
    },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
