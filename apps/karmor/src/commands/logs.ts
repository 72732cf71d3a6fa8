import type { RunCommand } from '../command-context.js';
import { GrpcConnection } from '../connection/grpc-connection.js';
import { resolveGrpcAddress } from '../connection/grpc-address.js';
import { resolveTls } from '../connection/resolve-tls.js';
import { openDestination } from '../logs/event-destination.js';
import { EventWriter } from '../logs/event-writer.js';
import { parseLogsOptions } from '../logs/logs-options.js';
import { watchEvents } from '../logs/watch-events.js';
import { WatchSession } from '../logs/watch-session.js';

/** `karmor logs`: writes events until it is interrupted or there have been enough. */
export const logsCommand: RunCommand = async (_, flags, { output, env, interrupted }) => {
  const options = parseLogsOptions(flags);
  const enough = new AbortController();
  const failure = Promise.withResolvers<never>();
  const note = (line: string): void => {
    output.note(line);
  };
  const writer = new EventWriter(
    {
      events: openDestination(options.logPath, output),
      messages: openDestination(options.msgPath, output),
      note,
      finish: () => {
        enough.abort();
      },
    },
    options,
  );
  const address = resolveGrpcAddress(options.connection, env);
  const tls = await resolveTls(options.connection, note);
  const signal = AbortSignal.any([interrupted(), enough.signal]);
  const open = (): WatchSession =>
    new WatchSession(
      {
        connection: new GrpcConnection({ address, tls }),
        take: (event) => {
          try {
            writer.write(event);
          } catch (thrown) {
            failure.reject(thrown);
          }
        },
        note,
      },
      options,
    );
  try {
    await Promise.race([watchEvents({ open, note }, signal), failure.promise]);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    enough.abort();
  }
  return 0;
};
