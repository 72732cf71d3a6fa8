import { arch } from 'node:os';
import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { parseFlags } from '../parse-flags.js';
import { readVersion } from '../version.js';

const flagsSchema = z.object({
  json: z.boolean().default(false),
  socket: z.string().optional(),
  runDir: z.string().optional(),
});

const pingSchema = z.object({ version: z.string() });

/** Go's names for architectures, as KubeArmor's client prints them. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([['x64', 'amd64']]);

/** `karmor version`: ends with 0 whether an agent runs or not. */
export const versionCommand: RunCommand = async (_, given, { output, env }) => {
  const flags = parseFlags(flagsSchema, given);
  const agent = await agentVersion(resolveSocket(flags, env));
  const platform = `${process.platform}/${ARCHITECTURES.get(arch()) ?? arch()}`;
  if (flags.json) {
    const all = { version: readVersion(), platform, node: process.version, ...agent };
    output.print(`${JSON.stringify(all)}\n`);
    return 0;
  }
  const found =
    agent.agent === undefined
      ? `kubearmor not running (${agent.reason})`
      : `kubearmor version (running) ${agent.agent}`;
  output.print(`karmor version ${readVersion()} ${platform} node=${process.version}\n${found}\n`);
  return 0;
};

type AgentVersion =
  | { readonly agent: string; readonly reason?: undefined }
  | { readonly agent?: undefined; readonly reason: string };

async function agentVersion(socketPath: string): Promise<AgentVersion> {
  try {
    return { agent: (await callAgent(socketPath, 'ping', {}, pingSchema)).version };
  } catch (error) {
    const isClosed = error instanceof Error && /EACCES|EPERM/.test(error.message);
    return {
      reason: isClosed ? `${socketPath} may be opened by root only` : `nobody answers on ${socketPath}`,
    };
  }
}
