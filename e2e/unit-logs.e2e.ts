import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardedMachine } from './failure/guarded-machine.ts';
import { FeedClient } from './telemetry/feed-client.ts';
import { readFields } from './telemetry/read-fields.ts';
import { leaveTrace } from './traces/traces.ts';
import { UnitTree } from './units/unit-tree.ts';
import { until } from './until.ts';

const LOG = { NamespaceName: 5, ContainerName: 8, Type: 13, Resource: 16 } as const;

interface Told {
  readonly type: unknown;
  readonly namespace: unknown;
  readonly name: unknown;
}

// No policy is about anything here: all that is asked of the kernel is to tell.
describe('logs of the machine itself', () => {
  let directory: string;
  let program: string;
  let tree: UnitTree;
  let unit: ChildProcess;
  let lines: Interface;
  /** Runs a command line in the unit. */
  const inUnit = async (line: string): Promise<void> => {
    const done = once(lines, 'line');
    unit.stdin?.write(`${line}; echo done\n`);
    await done;
  };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-'));
    leaveTrace(directory);
    program = join(directory, 'program');
    copyFileSync('/bin/true', program);
    tree = new UnitTree(basename(directory));
    tree.make('web.service');
    const shell = spawn('/bin/sh', { stdio: ['pipe', 'pipe', 'inherit'] });
    unit = shell;
    lines = createInterface(shell.stdout);
    tree.move(unit.pid ?? 0, 'web.service');
  });
  afterAll(async () => {
    const closed = once(unit, 'close');
    unit.stdin?.end();
    await closed;
    tree[Symbol.dispose]();
    rmSync(directory, { recursive: true });
  });

  /** Whose a run of the program is told to be. */
  const toldOf = async (flags: readonly string[], run: () => Promise<unknown>): Promise<readonly Told[]> => {
    await using machine = await GuardedMachine.start({
      flags: ['--unitCgroups', tree.path, ...flags],
    });
    const told: Told[] = [];
    await using client = await FeedClient.watch(machine.grpcSocket, 'WatchLogs', (message) => {
      const fields = readFields(message);
      if (fields.get(LOG.Resource) !== program) return;
      const [type, namespace, name] = [LOG.Type, LOG.NamespaceName, LOG.ContainerName].map((each) =>
        fields.get(each),
      );
      told.push({ type, namespace, name });
    });
    await run();
    await until(() => (told.length > 0 ? true : undefined), { timeoutMs: 20_000 });
    expect(client.received).toBeGreaterThanOrEqual(told.length);
    return told;
  };

  it('name a unit that no policy selects, which ran before the agent did', async () => {
    const told = await toldOf(['--visibility', 'process'], async () => inUnit(program));
    expect(told).toEqual([{ type: 'ContainerLog', namespace: 'systemd', name: 'web.service' }]);
  });

  it('are the host’s where no unit is', async () => {
    const told = await toldOf(['--visibility', 'none', '--hostVisibility', 'process'], async () => {
      await inUnit(program);
      await once(spawn(program), 'close');
    });
    expect(told).toEqual([{ type: 'HostLog', namespace: undefined, name: undefined }]);
  });
});
