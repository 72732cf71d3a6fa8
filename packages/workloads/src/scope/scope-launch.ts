import { fileURLToPath } from 'node:url';
import { WorkloadsError } from '../errors.js';
import type { ChildEnd } from './child-end.js';
import { exitStatus } from './exit-status.js';
import type { ScopeAgent, ScopeTicket } from './scope-agent.js';
import { ScopeProcesses } from './scope-processes.js';
import type { ScopeSpec } from './scope-spec.js';
import { forwardSignals, type SignalSource } from './signal-forwarding.js';

/** What launching a scope needs. */
export interface ScopeLaunchDeps {
  readonly agent: ScopeAgent;
  /** Signals to pass on to the workload; `process` is one. */
  readonly signals: SignalSource;
  /** Told what the user should know although the scope starts. */
  readonly warn: (message: string) => void;
}

/** How a scope is launched. */
export interface ScopeLaunchOptions {
  /** The soft limit of open descriptors that the workload gets. By default what Node has made of it: the hard limit. */
  readonly openFileLimit?: number | undefined;
  /** The compiled launcher. By default the one beside this file. */
  readonly launcherPath?: string | undefined;
}

/**
 * Runs a command in a scope of its own, protected before its first instruction, and resolves to its exit status when
 * it has ended and nothing of the scope is left. The caller must have no standard input, output or error in use.
 */
export async function launchScope(
  spec: ScopeSpec,
  deps: ScopeLaunchDeps,
  options: ScopeLaunchOptions = {},
): Promise<number> {
  if (process.geteuid?.() !== 0) {
    throw new WorkloadsError(
      'ROOT_REQUIRED',
      'scope: expected to be run by root, which makes namespaces and mounts',
    );
  }
  const { name, namespace, labels, image } = spec;
  const creating = deps.agent.create({ name, labels, image, ...(namespace === null ? {} : { namespace }) });
  // The launcher needs about as long to start as the agent to answer.
  const processes = await startBeside(creating, spec, deps.agent, options);
  const forwarding = forwardSignals(deps.signals, (signal) => {
    processes.signal(signal);
  });
  let ticket: ScopeTicket | undefined;
  try {
    ticket = await creating;
    await processes.settle();
    const end = await run(processes, ticket, spec, deps, options);
    return exitStatus(end.code, end.signal);
  } finally {
    await processes.stop();
    forwarding[Symbol.dispose]();
    if (ticket !== undefined) await remove(ticket, spec, deps);
  }
}

/** Starts the processes while the agent answers. If they cannot be started, what the agent has made is taken back. */
async function startBeside(
  creating: Promise<ScopeTicket>,
  spec: ScopeSpec,
  agent: ScopeAgent,
  options: ScopeLaunchOptions,
): Promise<ScopeProcesses> {
  try {
    return ScopeProcesses.start({
      launcherPath: options.launcherPath ?? fileURLToPath(new URL('./launcher.js', import.meta.url)),
      hasPidNamespace: spec.namespaces.pid === 'private',
    });
  } catch (error) {
    await creating.then(
      (ticket) => agent.remove(ticket.id),
      () => undefined,
    );
    throw error;
  }
}

async function run(
  processes: ScopeProcesses,
  ticket: ScopeTicket,
  spec: ScopeSpec,
  deps: ScopeLaunchDeps,
  options: ScopeLaunchOptions,
): Promise<ChildEnd> {
  processes.send({
    kind: 'order',
    cgroup: ticket.cgroup,
    hasMountNamespace: spec.namespaces.pid === 'private',
    openFileLimit: options.openFileLimit ?? null,
    spec,
  });
  const reply = await processes.reply();
  // Ended by a signal that was passed on, or killed: that is how the scope ended.
  if (reply === undefined) return endBeforeReady(await processes.end);
  if (reply.kind === 'failed') throw new WorkloadsError('SCOPE_SETUP_FAILED', reply.message);
  reply.warnings.forEach(deps.warn);
  await deps.agent.protect(ticket.id, processes.pid);
  processes.send({ kind: 'go' });
  return processes.end;
}

function endBeforeReady(end: ChildEnd): ChildEnd {
  if (end.signal !== null) return end;
  const message = `scope: expected the launcher to get ready, it ended with ${end.code ?? 'no status'}`;
  throw new WorkloadsError('LAUNCHER_ENDED', message);
}

async function remove(ticket: ScopeTicket, spec: ScopeSpec, deps: ScopeLaunchDeps): Promise<void> {
  try {
    if (spec.namespaces.pid === 'host') await killRest(ticket.cgroup);
    await deps.agent.remove(ticket.id);
  } catch (error) {
    // The workload's own status is worth more; the agent notices the empty cgroup.
    deps.warn(`scope ${spec.name}: not removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Without a pid namespace what the workload left running has to be found through the cgroup. Loaded only then: it takes time. */
async function killRest(path: string): Promise<void> {
  const { ScopeCgroup } = await import('./scope-cgroup.js');
  new ScopeCgroup(path).kill();
}
