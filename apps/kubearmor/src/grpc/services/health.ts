import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { Health, HealthCheckResponse_ServingStatus } from '@kubearmor/protocol';

type Status = 'serving' | 'not-serving';

const STATUS = {
  serving: HealthCheckResponse_ServingStatus.SERVING,
  'not-serving': HealthCheckResponse_ServingStatus.NOT_SERVING,
} as const;

/** Which services are up, for those who ask by grpc.health.v1. */
export class HealthState {
  readonly #services: ReadonlySet<string>;
  #status: Status = 'not-serving';
  #changed = Promise.withResolvers<undefined>();

  constructor(services: readonly string[]) {
    // The empty name is the server as a whole.
    this.#services = new Set(['', ...services]);
  }

  /** The services that are known. */
  get services(): readonly string[] {
    return [...this.#services];
  }

  /** All services go up and down with the agent. */
  set(status: Status): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  /** The status of a service; undefined when there is no such service. */
  statusOf(service: string): HealthCheckResponse_ServingStatus | undefined {
    return this.#services.has(service) ? STATUS[this.#status] : undefined;
  }

  /** Resolves at the next change. */
  get change(): Promise<unknown> {
    return this.#changed.promise;
  }
}

/** Answers grpc.health.v1. */
export function healthService(state: HealthState): ServiceImpl<typeof Health> {
  return {
    check: ({ service }) => {
      const status = state.statusOf(service);
      if (status === undefined) throw new ConnectError(`unknown service ${service}`, Code.NotFound);
      return { status };
    },
    list: () => ({
      statuses: Object.fromEntries(
        state.services.map((name) => [name, { status: statusOrUnknown(state, name) }]),
      ),
    }),
    watch: async function* ({ service }, { signal }) {
      const left = new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      while (!signal.aborted) {
        const { change } = state;
        yield { status: statusOrUnknown(state, service) };
        await Promise.race([change, left]);
      }
    },
  };
}

function statusOrUnknown(state: HealthState, service: string): HealthCheckResponse_ServingStatus {
  return state.statusOf(service) ?? HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN;
}
