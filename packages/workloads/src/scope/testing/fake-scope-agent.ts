import { mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unifiedRoot } from '@kubearmor/kernel';
import { serveJson } from '@kubearmor/service';
import { ScopeCgroup } from '../scope-cgroup.js';
import { field } from '../agent-call.js';

/** What the agent saw of a process that it was asked to protect, before that process went on. */
export interface ProtectedProcess {
  readonly pid: number;
  readonly cgroupPids: readonly number[];
  readonly mountinfo: string;
  readonly cmdline: string;
}

/** An agent for tests: it makes and removes real cgroups, below a directory of its own, and protects nothing. */
export interface FakeScopeAgent extends AsyncDisposable {
  readonly socketPath: string;
  /** The calls in order, such as `create web`. */
  readonly calls: readonly string[];
  readonly protectedProcesses: readonly ProtectedProcess[];
  /** Has the next call of a method fail. */
  failNext(method: string): void;
  /** The cgroups that are not removed yet. */
  readonly scopes: ReadonlyMap<number, ScopeCgroup>;
}

/** Starts an agent for tests. */
export async function startFakeScopeAgent(): Promise<FakeScopeAgent> {
  const directory = mkdtempSync(join(tmpdir(), 'kubearmor-scope-'));
  const cgroupRoot = join(unifiedRoot(), `kubearmor-test-${process.pid}`);
  const scopes = new Map<number, ScopeCgroup>();
  const calls: string[] = [];
  const protectedProcesses: ProtectedProcess[] = [];
  const failing = new Set<string>();
  let nextId = 1;
  const failIfAsked = (method: string): void => {
    if (failing.delete(method)) throw new RangeError(`${method} fails, as the test wants it`);
  };
  const server = await serveJson(join(directory, 'agent.sock'), {
    handlers: {
      'scope.create': (params) => {
        calls.push(`create ${String(field(params, 'name'))}`);
        failIfAsked('create');
        const id = nextId++;
        const cgroup = ScopeCgroup.create(cgroupRoot, id);
        scopes.set(id, cgroup);
        return Promise.resolve({ id, cgroup: cgroup.path });
      },
      'scope.protect': (params) => {
        calls.push('protect');
        failIfAsked('protect');
        protectedProcesses.push(
          observe(Number(field(params, 'pid')), scopes.get(Number(field(params, 'id')))),
        );
        return Promise.resolve({});
      },
      'scope.remove': async (params) => {
        calls.push('remove');
        failIfAsked('remove');
        const id = Number(field(params, 'id'));
        await scopes.get(id)?.remove();
        scopes.delete(id);
        return {};
      },
    },
  });
  return {
    socketPath: server.path,
    calls,
    protectedProcesses,
    failNext: (method) => failing.add(method),
    scopes,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      for (const cgroup of scopes.values()) await cgroup.remove();
      rmSync(directory, { recursive: true });
      removeEmpty(cgroupRoot);
    },
  };
}

function observe(pid: number, cgroup: ScopeCgroup | undefined): ProtectedProcess {
  const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  return { pid, cgroupPids: cgroup?.pids() ?? [], mountinfo: read('mountinfo'), cmdline: read('cmdline') };
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // No scope was made, so it was never there.
  }
}
