import type { ConnectRouter } from '@connectrpc/connect';
import type { DescService } from '@bufbuild/protobuf';
import {
  Health,
  LogService,
  PolicyService,
  ProbeService,
  ServerReflection,
  ServerReflectionAlpha,
  StateAgent,
} from '@kubearmor/protocol';
import type { Logger } from '@kubearmor/service';
import type { PolicyAccess } from '../peer/policy-access.js';
import { HealthState, healthService } from '../services/health.js';
import { logService } from '../services/log-service.js';
import type { PolicyReceiver } from '../services/policy-receiver.js';
import { policyService } from '../services/policy-service.js';
import { probeService, type ProbeSource } from '../services/probe-service.js';
import { reflectionServices } from '../services/reflection.js';
import { stateAgent } from '../services/state-agent.js';
import type { StateFeed } from '../services/state-feed.js';
import type { EventFeeds, FeedClient } from '../streams/event-feeds.js';
import { GrpcListener } from './grpc-listener.js';
import type { TlsSource } from '../tls/tls-source.js';

/** What a {@link GrpcServer} serves. */
export interface GrpcServerDependencies {
  readonly feeds: EventFeeds;
  readonly policies: PolicyReceiver;
  readonly probe: ProbeSource;
  /** What StateAgent tells; undefined where it is not served. */
  readonly state?: StateFeed | undefined;
  /** Whether a process belongs to a workload of ours, which must not push policies. */
  readonly isWorkload: (pid: number) => boolean;
  readonly logger: Logger;
}

/** Where a {@link GrpcServer} listens. */
export interface GrpcServerOptions {
  /** The unix socket. */
  readonly socket: string;
  /** By default 0600. */
  readonly socketMode?: number;
  /** By default none. */
  readonly tcp?: GrpcTcpOptions | undefined;
  /** The port of loopback for grpc.health.v1 alone; 0 for one that is free. By default none. */
  readonly healthPort?: number | undefined;
}

/** How a {@link GrpcServer} listens on TCP. */
export interface GrpcTcpOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** With it, every client must show a certificate. By default plain text. */
  readonly tls?: TlsSource | undefined;
  /** Whether anybody who reaches the port may push policies. By default false. */
  readonly isOpenForPolicies?: boolean | undefined;
}

const LOOPBACK = '127.0.0.1';
const OWN_MODE = 0o600;
/** How often it is looked whether the certificate must be another one. */
const RENEWAL_MS = 60_000;
const SERVICES: readonly DescService[] = [LogService, PolicyService, ProbeService];
const ABOUT: readonly DescService[] = [Health, ServerReflection, ServerReflectionAlpha];

/** KubeArmor's gRPC services on a unix socket, on loopback TCP, and health on a port of its own. */
export class GrpcServer {
  readonly #deps: GrpcServerDependencies;
  readonly #health: HealthState;
  readonly #unix: GrpcListener;
  readonly #tcp: GrpcListener | undefined;
  readonly #healthOnly: GrpcListener | undefined;
  readonly #tls: TlsSource | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(deps: GrpcServerDependencies, options: GrpcServerOptions) {
    this.#deps = deps;
    this.#health = new HealthState(this.#services.map(({ typeName }) => typeName));
    const { feeds } = deps;
    const { socket, socketMode = OWN_MODE, tcp, healthPort } = options;
    this.#tls = tcp?.tls;
    this.#unix = new GrpcListener(
      { feeds, routes: this.#routes(false) },
      { kind: 'unix', path: socket, mode: socketMode },
    );
    this.#tcp =
      tcp &&
      new GrpcListener(
        { feeds, routes: this.#routes(tcp.isOpenForPolicies === true) },
        { kind: 'tcp', host: tcp.host, port: tcp.port, hasTls: tcp.tls !== undefined },
      );
    this.#healthOnly =
      healthPort === undefined
        ? undefined
        : new GrpcListener(
            { feeds: undefined, routes: (router) => router.service(Health, healthService(this.#health)) },
            { kind: 'tcp', host: LOOPBACK, port: healthPort },
          );
  }

  /** The ports that it got. */
  get ports(): { readonly tcp: number | undefined; readonly health: number | undefined } {
    return { tcp: this.#tcp?.port, health: this.#healthOnly?.port };
  }

  /** Who watches which stream, and what became of its messages. */
  get clients(): readonly FeedClient[] {
    return this.#deps.feeds.clients;
  }

  /**
   * Listens. Throws when that fails on the unix socket; a port that is taken, or a certificate that cannot be had, is
   * logged and done without, since what protects the machine must not depend on it.
   */
  async start(): Promise<void> {
    await this.#unix.open();
    for (const open of [() => this.#openTcp(), () => this.#healthOnly?.open()]) {
      await open()?.catch((thrown: unknown) => {
        this.#deps.logger.error({ err: thrown }, 'gRPC port is not available, going on without it');
      });
    }
    this.#health.set('serving');
  }

  /** Ends every stream and takes no more calls. */
  async stop(): Promise<void> {
    clearInterval(this.#renewal);
    this.#health.set('not-serving');
    this.#deps.feeds.close();
    const others = [this.#tcp, this.#healthOnly].filter((listener) => listener !== undefined);
    await Promise.all([this.#unix, ...others].map((listener) => listener.close()));
  }

  async #openTcp(): Promise<void> {
    const [tcp, tls] = [this.#tcp, this.#tls];
    if (tcp === undefined) return;
    if (tls !== undefined) {
      tcp.useTls(await tls.load());
      this.#renewal = setInterval(() => void this.#renewTls(tcp, tls), RENEWAL_MS);
      this.#renewal.unref();
    }
    await tcp.open();
  }

  async #renewTls(tcp: GrpcListener, tls: TlsSource): Promise<void> {
    try {
      const renewed = await tls.renew();
      if (renewed === undefined) return;
      tcp.useTls(renewed);
      this.#deps.logger.info({}, 'certificate renewed');
    } catch (thrown) {
      this.#deps.logger.error({ err: thrown }, 'certificate not renewed, the one from before stays');
    }
  }

  get #services(): readonly DescService[] {
    return this.#deps.state === undefined ? SERVICES : [...SERVICES, StateAgent];
  }

  #routes(isOpenOverTcp: boolean): (router: ConnectRouter) => void {
    const { policies, probe, state, isWorkload, logger } = this.#deps;
    const access: PolicyAccess = { isWorkload, isOpenOverTcp };
    const reflection = reflectionServices([...this.#services, ...ABOUT]);
    return (router) => {
      if (state !== undefined) router.service(StateAgent, stateAgent(state));
      router
        .service(LogService, logService())
        .service(PolicyService, policyService({ receiver: policies, access, logger }))
        .service(ProbeService, probeService(probe))
        .service(Health, healthService(this.#health))
        .service(ServerReflection, reflection.v1)
        .service(ServerReflectionAlpha, reflection.v1alpha);
    };
  }
}
