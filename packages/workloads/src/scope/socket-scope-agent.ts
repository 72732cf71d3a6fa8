import { WorkloadsError } from '../errors.js';
import { callAgent, field } from './agent-call.js';
import type { ScopeAgent, ScopeRequest, ScopeTicket } from './scope-agent.js';

/** How an agent is reached. */
export interface SocketScopeAgentOptions {
  readonly socketPath: string;
  /** How long registering and removing may take. By default 10,000 ms. */
  readonly timeoutMs?: number;
  /** How long protecting may take: large policies are compiled then. By default 30,000 ms. */
  readonly protectTimeoutMs?: number;
}

/** An agent behind its unix socket. */
export class SocketScopeAgent implements ScopeAgent {
  readonly #options: Required<SocketScopeAgentOptions>;

  constructor(options: SocketScopeAgentOptions) {
    this.#options = { timeoutMs: 10_000, protectTimeoutMs: 30_000, ...options };
  }

  async create(request: ScopeRequest): Promise<ScopeTicket> {
    return decodeTicket(await this.#call('scope.create', request, this.#options.timeoutMs));
  }

  async protect(id: number, pid: number): Promise<void> {
    await this.#call('scope.protect', { id, pid }, this.#options.protectTimeoutMs);
  }

  async remove(id: number): Promise<void> {
    await this.#call('scope.remove', { id }, this.#options.timeoutMs);
  }

  #call(method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    return callAgent({ socketPath: this.#options.socketPath, method, params, timeoutMs });
  }
}

function decodeTicket(answer: unknown): ScopeTicket {
  const id = field(answer, 'id');
  const cgroup = field(answer, 'cgroup');
  if (typeof id === 'number' && typeof cgroup === 'string') return { id, cgroup };
  const message = `agent: scope.create: expected an id and a cgroup, got ${JSON.stringify(answer)}`;
  throw new WorkloadsError('AGENT_MALFORMED', message);
}
