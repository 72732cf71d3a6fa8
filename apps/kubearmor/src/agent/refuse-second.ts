import { existsSync } from 'node:fs';
import { callJson } from '@kubearmor/service';
import { AgentError } from '../errors.js';

const PING_MS = 1000;

/** Throws AGENT_RUNNING where an agent answers at a socket already. */
export async function refuseSecond(socket: string): Promise<void> {
  if (!existsSync(socket)) return;
  const other = await callJson(socket, 'ping', {}, { timeoutMs: PING_MS }).catch(() => undefined);
  if (other === undefined) return;
  throw new AgentError('AGENT_RUNNING', `socket ${socket}: expected no agent, one answers already`);
}
