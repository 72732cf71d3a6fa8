import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as grpc from '@grpc/grpc-js';
import { PolicyStatus } from '@kubearmor/protocol';
import { Counters, createLogger, createSystemClock } from '@kubearmor/service';
import type { Alert, LogEvent } from '@kubearmor/telemetry';
import { GrpcServer, type GrpcServerOptions } from '../server/grpc-server.js';
import type { Probe } from '../services/probe-service.js';
import { EventFeeds } from '../streams/event-feeds.js';
import { StockClient } from './stock-client.js';

const cleanups: (() => unknown)[] = [];

/** Undoes everything that a test has started. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** Adds to what {@link cleanUp} does. */
export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A client that is closed in the end. */
export function connectStock(address: string, credentials?: grpc.ChannelCredentials): StockClient {
  const client = new StockClient(address, credentials);
  onCleanUp(() => {
    client.close();
  });
  return client;
}

/** An alert. */
export const alert: Alert = {
  Timestamp: 1_779_682_499,
  UpdatedTime: '2026-05-25T04:14:59.566130Z',
  PPID: 1,
  PID: 42,
  UID: 33,
  Type: 'MatchedPolicy',
  PolicyName: 'p',
  Operation: 'File',
  Resource: '/etc/shadow',
  ATags: ['NIST'],
  EventData: { Rule: 'r' },
};

/** A log. */
export const log: LogEvent = {
  atUs: 1_779_682_499_566_130,
  workload: { Type: 'ContainerLog', PodName: 'web-0' },
  process: { PPID: 1, PID: 42, UID: 0, Source: '/usr/bin/cat' },
  call: { Operation: 'File', Data: 'syscall=SYS_OPEN', Result: 'Passed' },
  Resource: '/etc/passwd',
};

/** What is in force. */
export const probe: Probe = {
  host: 'node-1',
  containers: [{ name: 'web', policies: [{ name: 'p', document: { metadata: { policyName: 'p' } } }] }],
  hostPolicies: [{ name: 'h' }],
};

/** A server, and what it was given. */
export interface Served {
  readonly directory: string;
  readonly feeds: EventFeeds;
  readonly counters: Counters;
  readonly server: GrpcServer;
  readonly pushed: unknown[];
  readonly unix: string;
}

/** How else a server is. */
export interface MoreOptions {
  /** By default false. */
  readonly isWorkload?: boolean;
  readonly maxStrangers?: number;
}

/** Starts a server on sockets of its own. */
export async function serve(
  options: Partial<GrpcServerOptions> = {},
  more: MoreOptions = {},
): Promise<Served> {
  const { isWorkload = false, maxStrangers } = more;
  const directory = mkdtempSync(join(tmpdir(), 'grpc-'));
  const counters = new Counters();
  const clock = createSystemClock();
  const limits = { maxLogBytes: 100_000, ...(maxStrangers === undefined ? {} : { maxStrangers }) };
  const feeds = new EventFeeds({ counters, clock }, { node: { HostName: 'node-1' }, ...limits });
  const pushed: unknown[] = [];
  const server = new GrpcServer(
    {
      feeds,
      policies: {
        apply: (kind, type, object, change) => {
          pushed.push({ kind, type, object, change });
          return Promise.resolve(type === 'DELETED' ? PolicyStatus.NotExist : PolicyStatus.Applied);
        },
      },
      probe: { probe: () => Promise.resolve(probe) },
      isWorkload: () => isWorkload,
      logger: createLogger({ level: 'silent' }),
    },
    { socket: join(directory, 's'), tcp: { host: '127.0.0.1', port: 0 }, healthPort: 0, ...options },
  );
  cleanups.push(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });
  await server.start();
  return { directory, feeds, counters, server, pushed, unix: `unix:${join(directory, 's')}` };
}

/** Where it listens on TCP. */
export function tcpOf({ server }: Served): string {
  return `127.0.0.1:${server.ports.tcp ?? 0}`;
}

/** A policy that is pushed. */
export const policyEvent: { readonly policy: Buffer } = {
  policy: Buffer.from(
    JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'p' }, spec: { severity: 1 } } }),
  ),
};
