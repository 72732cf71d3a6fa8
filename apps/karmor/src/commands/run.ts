import {
  launchScope,
  resolveScopeSpec,
  type SignalSource,
  SocketScopeAgent,
  WorkloadsError,
} from '@kubearmor/workloads/launch';
import { resolveSocket, startAgentHint } from '../connection/agent-places.js';
import { KarmorError } from '../errors.js';
import type { Output } from '../output.js';
import { parseRunArguments, type RunArguments } from '../run/run-arguments.js';

/** What `karmor run` needs from its surroundings. */
export interface RunDeps {
  readonly output: Output;
  readonly signals: SignalSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const USAGE_STATUS = 2;
const NOT_STARTED_STATUS = 125;
/** Set by bin/karmor. */
const OPEN_FILES_VARIABLE = 'KARMOR_OPEN_FILES';

/** Runs a command in a scope and resolves to the status to exit with. */
export async function runCommand(args: readonly string[], deps: RunDeps): Promise<number> {
  try {
    const parsed = parseRunArguments(args);
    if (parsed.kind === 'run') return await launch(parsed, deps);
    const { RUN_HELP } = await import('../run/run-help.js');
    deps.output.print(RUN_HELP);
    return 0;
  } catch (error) {
    return explain(error, deps.output);
  }
}

function launch(parsed: Extract<RunArguments, { readonly kind: 'run' }>, deps: RunDeps): Promise<number> {
  const { [OPEN_FILES_VARIABLE]: openFiles, ...env } = deps.env;
  const spec = resolveScopeSpec(parsed.scope, { cwd: deps.cwd, env });
  const agent = new SocketScopeAgent({ socketPath: resolveSocket(parsed, deps.env) });
  const warn = (message: string): void => {
    deps.output.complain(message);
  };
  return launchScope(spec, { agent, signals: deps.signals, warn }, { openFileLimit: parseLimit(openFiles) });
}

/** `unlimited` and nonsense alike leave the limit as it is. */
function parseLimit(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/u.test(text) ? Number(text) : undefined;
}

function explain(error: unknown, output: Output): number {
  if (error instanceof KarmorError) {
    output.complain(`${error.code}: ${error.message}`);
    return USAGE_STATUS;
  }
  if (!(error instanceof WorkloadsError)) throw error;
  const hint = error.code === 'AGENT_UNAVAILABLE' ? `; ${startAgentHint()}` : '';
  output.complain(`${error.code}: run: ${error.message}${hint}`);
  return error.code === 'SCOPE_SPEC_INVALID' ? USAGE_STATUS : NOT_STARTED_STATUS;
}
