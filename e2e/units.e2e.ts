import { WORKLOAD } from '@kubearmor/enforcers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardedUnits, ruleSetOf } from './units/guarded-units.ts';
import { PrivateShell } from './units/private-shell.ts';
import { UnitTree } from './units/unit-tree.ts';

const BLOCKING = WORKLOAD.unit + 1;
const OTHER = WORKLOAD.unit + 2;
const LATE = WORKLOAD.unit + 3;
const CONTAINER = `docker-${'0123456789abcdef'.repeat(4)}.scope`;

const read = 'cat /opt/test/secret';
const blocked = ruleSetOf({
  file: { matchPaths: [{ path: '/opt/test/secret' }] },
  process: { matchPaths: [{ path: '/usr/bin/id' }] },
  network: { matchProtocols: [{ protocol: 'tcp' }] },
  action: 'Block',
});

// Everything that is marked is the shell's own overlay; the cgroups are the test's own.
describe('units', () => {
  let units: GuardedUnits;
  let tree: UnitTree;
  let shell: PrivateShell;

  beforeAll(async () => {
    units = new GuardedUnits();
    tree = new UnitTree(units.name);
    shell = new PrivateShell(units.scratch);
    await shell.run('true');
    await units.start();
    await units.guard.protect({ id: BLOCKING, pid: shell.pid }, blocked);
    tree.make('late.service');
    await units.guard.setUnits({ number: 0, directory: tree.root }, [
      { id: BLOCKING, path: tree.pathOf('a.service') },
      { id: OTHER, path: tree.pathOf('other.service') },
      { id: LATE, path: tree.pathOf('late.service') },
    ]);
  });
  afterAll(async () => {
    await shell[Symbol.asyncDispose]();
    await units[Symbol.asyncDispose]();
    tree[Symbol.dispose]();
  });

  const inShell = async (cgroup: string, test: (shell: PrivateShell) => Promise<void>): Promise<void> => {
    // A process of its own for each case: what it has become it stays.
    const { output } = await shell.run(
      'mkfifo /opt/test/in; bash -c "while read -r line; do eval \\"\\$line\\"; done" < /opt/test/in & exec 9> /opt/test/in; echo $!',
    );
    const pid = Number(output.trim());
    tree.make(cgroup);
    tree.move(pid, cgroup);
    try {
      await test(shell);
    } finally {
      await shell.run(`exec 9>&-; wait ${pid}; rm -f /opt/test/in /opt/test/out`);
    }
  };
  /** Runs a line in the process that entered the cgroup; its exit status. */
  const status = async (line: string): Promise<number> => {
    const answer = await shell.run(
      `echo '${line} > /dev/null 2>&1; echo $? > /opt/test/out' >&9; until [ -s /opt/test/out ]; do sleep 0.02; done; cat /opt/test/out; rm /opt/test/out`,
    );
    return Number(answer.output.trim());
  };

  it('are nobody before they are in a cgroup of theirs', async () => {
    expect((await shell.run(read)).status).toBe(0);
  });

  it('are judged from when they enter it, in whatever cgroup below', async () => {
    await inShell('a.service/sub/deeper', async () => {
      expect(await status(read)).not.toBe(0);
      expect(await status('/usr/bin/id')).toBe(126);
      expect(await status('exec 3<>/dev/tcp/127.0.0.1/9')).not.toBe(0);
      expect(await status('cat /opt/test/other')).toBe(0);
    });
    const alerts = await units.untilAlerts(3);
    expect(
      alerts.map(({ Operation, Resource, Type, ContainerID }) => [Operation, Resource, Type, ContainerID]),
    ).toEqual([
      ['File', '/opt/test/secret', 'MatchedPolicy', String(BLOCKING)],
      ['Process', '/usr/bin/id', 'MatchedPolicy', String(BLOCKING)],
      ['Network', expect.stringContaining('AF_INET'), 'MatchedPolicy', String(BLOCKING)],
    ]);
  });

  it('stay what they are: moved out, sideways, in other namespaces, orphaned', async () => {
    await inShell('a.service', async () => {
      const { output } = await shell.run('jobs -p');
      const pid = Number(output.trim().split('\n').at(-1));
      tree.moveOut(pid);
      expect(await status(read)).not.toBe(0);
      tree.make('other.service');
      tree.move(pid, 'other.service');
      expect(await status(read)).not.toBe(0);
      tree.make(CONTAINER);
      tree.move(pid, CONTAINER);
      expect(await status(read)).not.toBe(0);
      expect(await status(`unshare --mount --pid --fork ${read}`)).not.toBe(0);
      expect(await status(`nsenter --mount=/proc/self/ns/mnt ${read}`)).not.toBe(0);
      expect(
        await status(
          `setsid sh -c "(${read} > /opt/test/twice 2>&1 &) ; sleep 0.3; grep -qx secret /opt/test/twice"`,
        ),
      ).not.toBe(0);
    });
  });

  it('are asked about files that no rule of another unit is about', async () => {
    const elsewhere = ruleSetOf({ file: { matchPaths: [{ path: '/opt/test/other' }] }, action: 'Block' });
    await units.guard.protect({ id: OTHER, pid: shell.pid }, elsewhere);
    await inShell('other.service', async () => {
      for (let time = 0; time < 2; time++) expect(await status(read)).toBe(0);
      expect(await status('cat /opt/test/other')).not.toBe(0);
    });
    await inShell('a.service', async () => {
      expect(await status(read)).not.toBe(0);
    });
    await units.guard.remove(OTHER);
  });

  it('do not touch units without policies, which may become containers', async () => {
    await inShell('other.service', async () => {
      expect(await status(read)).toBe(0);
      const { output } = await shell.run('jobs -p');
      tree.make(CONTAINER);
      tree.move(Number(output.trim().split('\n').at(-1)), CONTAINER);
      expect(await status(read)).toBe(0);
    });
  });

  it('are labelled where they ran before anybody knew them', async () => {
    await inShell('late.service', async () => {
      expect(await status(read)).toBe(0);
      await units.guard.protect({ id: LATE, pid: shell.pid }, blocked);
      const readBack = await units.guard.readBack();
      expect(readBack.workloads.find(({ id }) => id === LATE)?.tasks).toBe(1);
      expect(await status(read)).not.toBe(0);
      await units.guard.remove(LATE);
      expect(await status(read)).toBe(0);
    });
  });

  it('lose their rules with their policies', async () => {
    await inShell('a.service', async () => {
      expect(await status(read)).not.toBe(0);
      await units.guard.remove(BLOCKING);
      expect(await status(read)).toBe(0);
    });
  });
});
