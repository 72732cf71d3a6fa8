import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Code } from '@connectrpc/connect';
import { LogService } from '@kubearmor/protocol';
import type { EventFeeds } from './event-feeds.js';
import type { FeedClientIdentity, FeedName } from './feed.js';
import { beginStream, OK, refuseStream } from './grpc-end.js';
import { readWatchRequest } from './watch-request.js';

interface Watch {
  readonly feed: FeedName;
  /** By which filters the stream is asked for; any when empty. */
  readonly filters: readonly string[];
}

const WATCHES: ReadonlyMap<string, Watch> = new Map([
  [pathOf('watchAlerts'), { feed: 'alerts', filters: ['all', 'policy'] }],
  [pathOf('watchLogs'), { feed: 'logs', filters: ['all', 'system'] }],
  [pathOf('watchMessages'), { feed: 'messages', filters: [] }],
]);

const GRPC = /^application\/grpc(\+proto)?\s*(;|$)/;

/** Answers the streams of KubeArmor's LogService; false when the call is another one. */
export function handleWatch(
  feeds: EventFeeds,
  call: {
    readonly stream: ServerHttp2Stream;
    readonly headers: IncomingHttpHeaders;
    readonly client: FeedClientIdentity;
  },
): boolean {
  const { stream, headers, client } = call;
  const watch = WATCHES.get(String(headers[constants.HTTP2_HEADER_PATH]));
  if (watch === undefined || !GRPC.test(headers['content-type'] ?? '')) return false;
  // A client that resets its stream is no failure of ours.
  stream.on('error', () => undefined);
  void answer(feeds, watch, stream, client);
  return true;
}

async function answer(
  feeds: EventFeeds,
  watch: Watch,
  stream: ServerHttp2Stream,
  client: FeedClientIdentity,
): Promise<void> {
  const request = await readWatchRequest(stream);
  if (stream.closed) return;
  if (request.kind === 'refused') {
    refuseStream(stream, request.end);
    return;
  }
  // KubeArmor ends such a stream without an error, and its clients count on it.
  if (watch.filters.length > 0 && !watch.filters.includes(request.filter)) {
    refuseStream(stream, OK);
    return;
  }
  await feeds.prepare(watch.feed);
  admit(feeds, watch, stream, client);
}

function admit(feeds: EventFeeds, watch: Watch, stream: ServerHttp2Stream, client: FeedClientIdentity): void {
  if (stream.closed) return;
  // The rest of what the client sends is not looked at, but its end and its leaving are.
  stream.resume();
  if (feeds.feed(watch.feed).watch(stream, client)) beginStream(stream);
  else refuseStream(stream, { code: Code.ResourceExhausted, message: 'too many clients watch' });
}

function pathOf(method: 'watchAlerts' | 'watchLogs' | 'watchMessages'): string {
  return `/${LogService.typeName}/${LogService.method[method].name}`;
}
