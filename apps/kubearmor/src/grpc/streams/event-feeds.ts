import type { Clock, Counters } from '@kubearmor/service';
import {
  DropLedger,
  eventTime,
  type Drop,
  type Alert,
  type AlertSink,
  type LogEvent,
  type LogNode,
  type LogSink,
  type Message,
} from '@kubearmor/telemetry';
import { Code } from '@connectrpc/connect';
import { AlertEncoder } from '../wire/alert-encoder.js';
import { LogEncoder } from '../wire/log-encoder.js';
import { MessageEncoder } from '../wire/message-encoder.js';
import { DropReport } from './drop-report.js';
import { Feed, type FeedDrop, type FeedName } from './feed.js';
import type { Chunk } from '../wire/frame-writer.js';
import type { WatcherState } from './watcher.js';

/** What {@link EventFeeds} need. */
export interface EventFeedsDependencies {
  readonly counters: Counters;
  readonly clock: Clock;
  /** Makes sure that there are logs, for a client that comes. By default nothing is needed. */
  readonly prepareLogs?: () => Promise<void>;
  /** The first client of the logs has come, or the last one gone. By default nobody needs to know. */
  readonly onLogsWatched?: (isWatched: boolean) => void;
}

/** How much {@link EventFeeds} hold, and for which node. */
export interface EventFeedsOptions {
  readonly node: LogNode;
  /** How many bytes of alerts may wait for one client. By default 32 MiB. */
  readonly maxAlertBytes?: number;
  /** How many bytes of logs may wait for one client. By default 8 MiB. */
  readonly maxLogBytes?: number;
  /** How many bytes of messages may wait for one client. By default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** How many clients that anybody on the machine could be may watch one stream. By default 32. */
  readonly maxStrangers?: number;
}

/** A client of one stream, and what became of its messages. */
export interface FeedClient extends WatcherState {
  readonly feed: FeedName;
}

const MIB = 1024 * 1024;
const MAX_ALERT_MIB = 32;
const MAX_LOG_MIB = 8;
const MAX_STRANGERS = 32;

/**
 * The three streams of KubeArmor's LogService. Each has queues of its own, so that no flood of logs costs an alert; what
 * is dropped is counted by stream and cause, and told on the stream of messages with the client's name.
 */
export class EventFeeds {
  /** Where alerts go to reach gRPC clients. */
  readonly alerts: AlertSink;
  /** Where logs go to reach gRPC clients. */
  readonly logs: LogSink & { offer(chunks: readonly Chunk[]): void };
  /** What was lost, here and wherever else somebody adds to it: told on the stream of messages, too. */
  readonly drops: DropLedger;
  readonly #deps: EventFeedsDependencies;
  readonly #node: LogNode;
  readonly #feeds: Readonly<{ alerts: Feed<Alert>; logs: Feed<LogEvent>; messages: Feed<Message> }>;
  readonly #report: DropReport;

  constructor(deps: EventFeedsDependencies, options: EventFeedsOptions) {
    this.#deps = deps;
    this.#node = options.node;
    const {
      maxAlertBytes = MAX_ALERT_MIB * MIB,
      maxLogBytes = MAX_LOG_MIB * MIB,
      maxMessageBytes = MIB,
      maxStrangers = MAX_STRANGERS,
    } = options;
    this.#report = new DropReport({
      report: (line) => {
        this.tell('WARN', line);
      },
    });
    this.drops = new DropLedger((drop) => {
      this.#report.add(drop);
    });
    const shared = {
      counters: deps.counters,
      onDropped: (drop: FeedDrop): void => {
        this.drops.add(toDrop(drop));
      },
      onWatched: (): void => undefined,
    };
    const alerts = new Feed(
      { ...shared, encoder: new AlertEncoder() },
      { name: 'alerts', maxQueuedBytes: maxAlertBytes, maxStrangers },
    );
    const logs = new Feed(
      { ...shared, encoder: new LogEncoder(options.node), onWatched: deps.onLogsWatched ?? shared.onWatched },
      { name: 'logs', maxQueuedBytes: maxLogBytes, maxStrangers },
    );
    const messages = new Feed(
      { ...shared, encoder: new MessageEncoder() },
      { name: 'messages', maxQueuedBytes: maxMessageBytes, maxStrangers },
    );
    this.#feeds = { alerts, logs, messages };
    this.alerts = alertSink(alerts);
    this.logs = logs;
  }

  /** Every client of every stream. */
  get clients(): readonly FeedClient[] {
    const { alerts, logs, messages } = this.#feeds;
    const named = (feed: FeedName, states: readonly WatcherState[]): FeedClient[] =>
      states.map((state) => ({ feed, ...state }));
    return [
      ...named('alerts', alerts.watchers),
      ...named('logs', logs.watchers),
      ...named('messages', messages.watchers),
    ];
  }

  /** Makes sure that there is something to watch. */
  async prepare(name: FeedName): Promise<void> {
    if (name === 'logs') await this.#deps.prepareLogs?.();
  }

  /** One of the streams, for the server. */
  feed(name: FeedName): Pick<Feed<unknown>, 'watch'> {
    return this.#feeds[name];
  }

  /** Tells whoever watches messages. */
  tell(level: Message['Level'], text: string): void {
    const { ClusterName = '', HostName = '' } = this.#node;
    const time = eventTime(this.#deps.clock.wallNs());
    this.#feeds.messages.write([
      { ...time, ClusterName, HostName, HostIP: '', Type: 'Message', Level: level, Message: text },
    ]);
  }

  /** Ends every stream; clients try again. */
  close(): void {
    this.#report.close();
    const how = { code: Code.Unavailable, message: 'the agent stops' };
    this.#feeds.alerts.close(how);
    this.#feeds.logs.close(how);
    this.#feeds.messages.close(how);
  }
}

// Files are flushed so that an agent's death loses nothing; a client's stream cannot promise that and must not hold anyone up.
function alertSink(feed: Feed<Alert>): AlertSink {
  return {
    write: (alert) => {
      feed.write([alert]);
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function toDrop({ feed, client, cause, shares }: FeedDrop): Drop {
  return { stream: feed, cause, shares, ...(client === '' ? {} : { client }) };
}
