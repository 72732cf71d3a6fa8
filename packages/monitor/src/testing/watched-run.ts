import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cgroup, unifiedRoot } from '@kubearmor/kernel';
import { createSystemClock } from '@kubearmor/service';
import type { LogEvent } from '@kubearmor/telemetry';
import { MonitorError } from '../errors.js';
import { Monitor, type MonitorOptions } from '../monitor.js';
import { MonitorPrograms } from '../programs/monitor-programs.js';
import type { MonitorVariant } from '../programs/monitor-variant.js';
import { SIZES } from '../record/layout.js';
import type { Tally } from '../programs/tally.js';
import { EVERYTHING, type Visibility } from '../visibility.js';

/** Where the compiled programs are. */
export const OBJECTS: string = fileURLToPath(new URL('../../../../build/bpf', import.meta.url));
const WORKLOAD = 4711;

/** An event with what of it is worth comparing. */
export interface SeenEvent {
  readonly kind: string;
  readonly name: string;
  readonly pid: number;
  readonly parent: number;
  readonly result: number;
  readonly resource: string;
}

/** What a run made the monitor see. */
export interface Seen {
  readonly stdout: string;
  readonly events: readonly SeenEvent[];
  readonly logs: readonly LogEvent[];
  readonly tally: Tally;
  readonly firstPid: number;
  /** Processes still in the tree that the run made. */
  readonly leftInTree: number;
}

/** Whether the real kernel can be watched here. */
export const canWatch: boolean = process.geteuid?.() === 0 && spawnSync('cc', ['--version']).status === 0;

/** The variants that this kernel takes. */
export function variants(): readonly MonitorVariant[] {
  return (['functions', 'tracepoints'] as const).filter((variant) => {
    try {
      MonitorPrograms.load({ objects: OBJECTS, variant }).close();
      return true;
    } catch (error) {
      if (error instanceof MonitorError) return false;
      throw error;
    }
  });
}

/** A directory that is removed with what is in it when disposed of. */
export function scratchDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'kubearmor-monitor-test-'));
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Compiles a fixture and returns the program's path. */
export function compileProgram(name: string, directory: string): string {
  const source = fileURLToPath(new URL(`../../fixtures/${name}.c`, import.meta.url));
  const program = join(directory, name);
  const result = spawnSync('cc', ['-O2', '-pthread', '-o', program, source], { encoding: 'utf8' });
  if (result.status !== 0) throw new MonitorError('MONITOR_UNAVAILABLE', `cc ${name}: ${result.stderr}`);
  return program;
}

/** Runs a command as a workload in a cgroup of its own and gives what the monitor saw of it. */
export async function watchRun(
  command: readonly string[],
  options: Partial<MonitorOptions> & { readonly cwd: string; readonly visibility?: Visibility },
): Promise<Seen> {
  const { cwd, visibility = EVERYTHING, ...more } = options;
  await using monitor = Monitor.start(
    {
      clock: createSystemClock(),
      workloadOf: (id) => (id === WORKLOAD ? { Type: 'ContainerLog' } : undefined),
    },
    { objects: OBJECTS, ...more },
  );
  monitor.watch(WORKLOAD, visibility);
  const logs: LogEvent[] = [];
  const events: SeenEvent[] = [];
  const reading = collect(monitor, logs, events);
  const before = monitor.tree.size;
  const { stdout, pid } = await runLabelled(monitor, command, cwd);
  // The exit of the last process is told before its parent, which is us, hears of it: all is in the ring by now.
  monitor.programs.detach();
  const tally = monitor.tally(WORKLOAD);
  await monitor.drain();
  await reading;
  return { stdout, events, logs, tally, firstPid: pid, leftInTree: monitor.tree.size - before };
}

async function collect(monitor: Monitor, logs: LogEvent[], events: SeenEvent[]): Promise<void> {
  const seen = monitor.logs((event) => {
    const { view } = event;
    const name = event.kind === 'call' ? event.call.name : event.kind;
    const resource = event.kind === 'exec' ? event.process.image.exe : view.text(0);
    events.push({
      kind: event.kind,
      name,
      pid: view.pid,
      parent: view.parent,
      result: view.result,
      resource,
    });
  });
  for await (const batch of seen) logs.push(...batch);
}

async function runLabelled(
  monitor: Monitor,
  command: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly pid: number }> {
  const cgroup = Cgroup.create(join(unifiedRoot(), `kubearmor-monitor-test-${process.pid}`));
  try {
    const shell = spawn('/bin/sh', ['-c', 'read go; exec "$@"', 'sh', ...command], { cwd });
    const exited = once(shell, 'exit');
    let stdout = '';
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    const pid = shell.pid ?? 0;
    cgroup.addPid(pid);
    label(monitor, pid);
    monitor.adopt(pid);
    shell.stdin.end('go\n');
    await exited;
    // Also of those that nobody waited for.
    await emptied(cgroup);
    return { stdout, pid };
  } finally {
    cgroup.kill();
    await emptied(cgroup);
    cgroup.remove();
  }
}

function label(monitor: Monitor, pid: number): void {
  const value = new Uint8Array(SIZES.guard_label);
  new DataView(value.buffer).setUint32(0, WORKLOAD, true);
  monitor.programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), value);
}

// Processes that have ended are in the cgroup until they have been taken apart.
async function emptied(cgroup: Cgroup): Promise<void> {
  while (cgroup.isPopulated()) await new Promise((resolve) => setImmediate(resolve));
}
