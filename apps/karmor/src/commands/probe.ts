import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { ProbeService, type ProbeResponse } from '@kubearmor/protocol';
import { hostFactsSchema, type HostFacts } from '@kubearmor/service';
import { z } from 'zod';
import type { CommandContext, RunCommand } from '../command-context.js';
import { resolveSocket } from '../connection/agent-places.js';
import { callAgent } from '../connection/call-agent.js';
import { grpcFailure } from '../connection/grpc-failure.js';
import { openConnection } from '../connection/open-connection.js';
import { KarmorError } from '../errors.js';
import { oneOf, parseFlags } from '../parse-flags.js';
import { createPaint } from '../probe/paint.js';
import { toProbeData } from '../probe/probe-data.js';
import { probeJson, supportJson } from '../probe/probe-json.js';
import { formatProbe } from '../probe/probe-text.js';
import { formatCapabilities, formatSupport, type Support } from '../probe/support-text.js';

const flagsSchema = z.object({
  gRPC: z.string().optional(),
  runDir: z.string().optional(),
  socket: z.string().optional(),
  format: oneOf(['text', 'no-color', 'json']).default('text'),
  json: z.boolean().default(false),
  full: z.boolean().default(false),
  namespace: z.string().optional(),
});

type ProbeFlags = z.infer<typeof flagsSchema>;

const TIMEOUT_MS = 5_000;

/** `karmor probe`: ends with 0 whether an agent runs or not, unless one was named that does not answer. */
export const probeCommand: RunCommand = async (_, given, context) => {
  const flags = parseFlags(flagsSchema, given);
  const { output } = context;
  if (flags.namespace !== undefined) output.note('--namespace does not apply: nothing is deployed to probe');
  const isJson = flags.json || flags.format === 'json';
  const paint = createPaint(output.isColoured && flags.format === 'text');
  const response = await askServer(flags, context);
  if (response === undefined) {
    const support = await findSupport();
    output.print(isJson ? supportJson(support) : formatSupport(support, paint));
    if (!isJson && flags.full) output.print(`\n${formatCapabilities(support.capabilities)}`);
    if (!isJson && !flags.full)
      output.print(`${paint('blue', 'Use --full to see everything that was tried')}\n`);
    return 0;
  }
  const data = toProbeData(response, await askHost(flags, context));
  output.print(isJson ? probeJson(data) : formatProbe(data, paint));
  if (!isJson && flags.full) output.print(`\n${formatCapabilities((await findSupport()).capabilities)}`);
  return 0;
};

/** What the server says; undefined when there is none where one would be by default. */
async function askServer(flags: ProbeFlags, { env }: CommandContext): Promise<ProbeResponse | undefined> {
  const connection = openConnection(flags, env);
  try {
    return await connection.client(ProbeService).getProbeData({}, { timeoutMs: TIMEOUT_MS });
  } catch (thrown) {
    const failure = grpcFailure(thrown, connection.name);
    const isNamed =
      flags.gRPC !== undefined || flags.runDir !== undefined || (env['KUBEARMOR_SERVICE'] ?? '') !== '';
    if (isNamed || failure.code !== 'SERVER_UNREACHABLE') throw failure;
    return undefined;
  } finally {
    connection.close();
  }
}

/** The machine's facts, which the agent tells root only. */
async function askHost(flags: ProbeFlags, { env, output }: CommandContext): Promise<HostFacts | undefined> {
  try {
    return await callAgent(resolveSocket(flags, env), 'host', {}, hostFactsSchema);
  } catch (error) {
    if (!(error instanceof KarmorError) || error.code !== 'AGENT_UNAVAILABLE') throw error;
    output.note(`${error.code}: ${error.message}`);
    return undefined;
  }
}

async function findSupport(): Promise<Support> {
  const { probeCapabilities } = await import('@kubearmor/kernel');
  return { kernel: release(), lsms: readLsms(), capabilities: probeCapabilities() };
}

function readLsms(): string {
  try {
    return readFileSync('/sys/kernel/security/lsm', 'utf8').trim();
  } catch {
    return '';
  }
}
