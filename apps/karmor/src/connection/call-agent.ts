import { callJson, ServiceError } from '@kubearmor/service';
import { z } from 'zod';
import { KarmorError } from '../errors.js';
import { startAgentHint } from './agent-places.js';

/** Asks the agent on its own socket. Throws AGENT_UNAVAILABLE, ANSWER_MALFORMED, or the agent's own error. */
export async function callAgent<T>(
  socketPath: string,
  method: string,
  params: unknown,
  schema: z.ZodType<T>,
): Promise<T> {
  const answer = await ask(socketPath, method, params);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new KarmorError(
    'ANSWER_MALFORMED',
    `${method}: expected another answer of the agent: ${z.prettifyError(parsed.error)}`,
    { cause: parsed.error },
  );
}

async function ask(socketPath: string, method: string, params: unknown): Promise<unknown> {
  try {
    return await callJson(socketPath, method, params);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'SOCKET_UNAVAILABLE') throw error;
    throw new KarmorError('AGENT_UNAVAILABLE', `${error.message}; ${startAgentHint()}`, { cause: error });
  }
}
