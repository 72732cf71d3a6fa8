import { connect } from 'node:net';
import { WorkloadsError } from '../errors.js';

// The same lines as callJson of the service package, without what it loads (a schema library, a logger): that would be
// half of the start-up time of a scope.
const MAX_REPLY_CHARACTERS = 1_000_000;

/** One call over the agent's socket. */
export interface AgentCallOptions {
  readonly socketPath: string;
  readonly method: string;
  readonly params: unknown;
  readonly timeoutMs: number;
}

/** Calls a method of the agent and resolves to its result. */
export function callAgent(options: AgentCallOptions): Promise<unknown> {
  const { socketPath, method, params, timeoutMs } = options;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const socket = connect(socketPath);
  const timer = setTimeout(() => {
    reject(failure('AGENT_TIMEOUT', options, `no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  let text = '';
  let isConnected = false;
  socket.setEncoding('utf8');
  socket.on('connect', () => {
    isConnected = true;
    socket.write(`${JSON.stringify({ method, params })}\n`);
  });
  socket.on('data', (chunk) => {
    text += chunk.toString();
    if (!text.includes('\n') && text.length <= MAX_REPLY_CHARACTERS) return;
    try {
      const rest = takeReply(text, options, resolve);
      text = rest;
    } catch (error) {
      reject(WorkloadsError.from(error, 'AGENT_MALFORMED', method));
    }
  });
  socket.on('error', (error) => {
    const code = isConnected ? 'AGENT_MALFORMED' : 'AGENT_UNAVAILABLE';
    reject(failure(code, options, error.message, error));
  });
  socket.on('close', () => {
    reject(failure('AGENT_MALFORMED', options, 'the connection ended before the answer'));
  });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

/** Handles the complete lines of a text, until one is the result, and returns what is left. */
function takeReply(text: string, options: AgentCallOptions, resolve: (value: unknown) => void): string {
  let rest = text;
  for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
    const reply: unknown = JSON.parse(rest.slice(0, end));
    rest = rest.slice(end + 1);
    const kind = field(reply, 'kind');
    if (kind === 'result') resolve(field(reply, 'value'));
    else if (kind === 'error') throw refusal(reply, options);
    else if (kind !== 'event')
      throw failure('AGENT_MALFORMED', options, `expected a reply, got ${String(kind)}`);
  }
  if (rest.length > MAX_REPLY_CHARACTERS) throw failure('AGENT_MALFORMED', options, 'the answer is too long');
  return rest;
}

/** A field of something that came over the wire. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function refusal(reply: unknown, options: AgentCallOptions): WorkloadsError {
  const text = `${String(field(reply, 'message'))} (${String(field(reply, 'code'))})`;
  return failure('AGENT_REFUSED', options, text);
}

function failure(
  code: WorkloadsError['code'],
  options: AgentCallOptions,
  text: string,
  cause?: unknown,
): WorkloadsError {
  return new WorkloadsError(code, `agent at ${options.socketPath}: ${options.method}: ${text}`, { cause });
}
