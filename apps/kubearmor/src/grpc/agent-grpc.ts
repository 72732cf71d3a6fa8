import { join } from 'node:path';
import { createSystemClock, writeFileAtomic, type Counters, type Logger } from '@kubearmor/service';
import type { Policy } from '@kubearmor/policy';
import type { LogNode } from '@kubearmor/telemetry';
import type { Confirmations } from '../agent/confirmations.js';
import { GrpcServer } from './server/grpc-server.js';
import type { PushedKind } from './services/policy-receiver.js';
import type { ProbeSource } from './services/probe-service.js';
import type { StateFeed } from './services/state-feed.js';
import { PushedPolicies } from './services/pushed-policies.js';
import { serverNames } from './tls/server-names.js';
import { TlsSource, type TlsSourceOptions } from './tls/tls-source.js';
import { EventFeeds } from './streams/event-feeds.js';

/** What an agent is told about gRPC, complete. */
export interface GrpcConfig {
  /** The unix socket, on which policies can be pushed. */
  readonly socket: string;
  /** The TCP port, 0 for one that is free; undefined for none. */
  readonly port: number | undefined;
  /** The port for health; undefined for none. */
  readonly healthPort: number | undefined;
  /** Where the certificate comes from; undefined for plain text. */
  readonly tls: Pick<TlsSourceOptions, 'directory' | 'provider'> | undefined;
  /** The address on which TCP listens: only loopback without TLS. */
  readonly host: string;
  /** Whether anybody who reaches the TCP port may push policies. */
  readonly isOpenForPolicies: boolean;
}

/** What {@link AgentGrpc} needs of the agent. */
export interface AgentGrpcDependencies {
  readonly counters: Counters;
  readonly logger: Logger;
  readonly probe: ProbeSource;
  /** What StateAgent tells; undefined where it is not served. */
  readonly state: StateFeed | undefined;
  /** Whether a policy of that key comes from a file. */
  readonly isPolicyFile: (key: string) => boolean;
  /** Reads the directory of pushed policies and puts them in force. */
  readonly applyPolicies: () => Promise<void>;
  readonly confirmations: Confirmations;
  /** Why a policy is not taken; nothing for one that is. */
  readonly policyRefusal: (policy: Policy) => string | undefined;
  /** Whether a process belongs to a workload. */
  readonly isWorkload: (pid: number) => boolean;
  /** Makes sure that there are logs, for a client that comes. */
  readonly prepareLogs: () => Promise<void>;
  /** The first client of the logs has come, or the last one gone. */
  readonly onLogsWatched: (isWatched: boolean) => void;
}

/** How {@link AgentGrpc} is. */
export interface AgentGrpcOptions {
  readonly grpc: GrpcConfig;
  readonly node: LogNode;
  /** Where pushed policies are kept. */
  readonly policies: string;
  readonly kinds: readonly PushedKind[];
  readonly defaultNamespace: string;
  /** Where the port is written to, for clients. */
  readonly runDir: string;
}

/** The agent's gRPC side: the streams, the services, and the policies that are pushed. */
export class AgentGrpc {
  /** Where alerts, logs and messages go to reach clients. */
  readonly feeds: EventFeeds;
  /** The policies that were pushed. */
  readonly pushed: PushedPolicies;
  readonly #server: GrpcServer;
  readonly #portFile: string;

  constructor(deps: AgentGrpcDependencies, options: AgentGrpcOptions) {
    const { counters, logger, probe, state, isPolicyFile, applyPolicies, confirmations, isWorkload } = deps;
    const { policyRefusal, prepareLogs, onLogsWatched } = deps;
    const { grpc, node, policies, kinds, defaultNamespace, runDir } = options;
    this.feeds = new EventFeeds(
      { counters, clock: createSystemClock(), prepareLogs, onLogsWatched },
      { node },
    );
    this.pushed = new PushedPolicies(
      { isTaken: isPolicyFile, settle: applyPolicies, confirmations, refusal: policyRefusal, logger },
      { directory: policies, kinds, defaultNamespace },
    );
    const { socket, port, healthPort, host, isOpenForPolicies } = grpc;
    const tls = grpc.tls && new TlsSource({ ...grpc.tls, names: serverNames(host) });
    this.#server = new GrpcServer(
      { feeds: this.feeds, policies: this.pushed, probe, state, isWorkload, logger },
      { socket, healthPort, tcp: port === undefined ? undefined : { host, port, tls, isOpenForPolicies } },
    );
    this.#portFile = join(runDir, 'grpc.port');
  }

  /** What became of the messages of each client that watches a stream. */
  get clients(): EventFeeds['clients'] {
    return this.feeds.clients;
  }

  /** Listens. */
  async start(): Promise<void> {
    await this.#server.start();
    const { tcp } = this.#server.ports;
    if (tcp !== undefined) await writeFileAtomic(this.#portFile, `${tcp}\n`, { mode: 0o644 });
  }

  /** Ends every stream and takes no more calls. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.pushed.stop();
  }
}
