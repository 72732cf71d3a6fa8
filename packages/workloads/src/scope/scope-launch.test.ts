import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_ROOT, ScopeRunner } from './testing/scope-runner.js';

let scopes: ScopeRunner;

const containing = (text: string): unknown => expect.stringContaining(text);

describe.skipIf(!IS_ROOT)('launchScope', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    scopes = await ScopeRunner.start();
  });

  afterAll(async () => {
    await scopes[Symbol.asyncDispose]();
  });

  describe('the command', () => {
    it('passes the exit status on', async () => {
      expect(await scopes.sh('exit 7')).toMatchObject({ status: 7 });
    });

    it('passes a death by signal on', async () => {
      expect(await scopes.sh('kill -KILL $$')).toMatchObject({ status: 137 });
    });

    it('is not found with 127', async () => {
      const result = await scopes.run({ command: ['no-such-command'] });
      expect(result).toMatchObject({ status: 127, stderr: containing('command not found') });
    });

    it('cannot be executed with 126', async () => {
      const result = await scopes.run({ command: ['/etc/passwd'] });
      expect(result).toMatchObject({ status: 126, stderr: containing('permission denied') });
    });

    it('reads and writes the pipes it is given', async () => {
      const input = 'line\n'.repeat(100_000);
      const result = await scopes.run({ command: ['sh', '-c', 'cat; echo said >&2'] }, input);
      expect(result).toEqual({ status: 0, stdout: input, stderr: 'said\n' });
    });

    it('inherits nothing else: descriptors, ignored and blocked signals, limits', async () => {
      const { stdout } = await scopes.sh(
        'ls /proc/self/fd | wc -l; grep -E "SigBlk|SigIgn" /proc/self/status; ulimit -Sn',
      );
      expect(stdout.split('\n')).toEqual([
        '4',
        'SigBlk:\t0000000000000000',
        'SigIgn:\t0000000000000000',
        '1000',
        '',
      ]);
    });

    it('has the environment and the directory that it is given', async () => {
      const { stdout } = await scopes.sh('echo $A; pwd', { env: ['A=b c'], workdir: '/usr' });
      expect(stdout).toBe('b c\n/usr\n');
    });

    it('has a terminal when its caller has one', async () => {
      const { stdout } = await scopes.runInTerminal([
        'sh',
        '-c',
        'test -t 0 && echo terminal; echo device > /dev/tty',
      ]);
      expect(stdout).toContain('terminal');
      expect(stdout).toContain('device');
    });
  });

  describe('signals', () => {
    for (const [signal, script, status] of [
      ['SIGTERM', 'trap "exit 9" TERM; echo go; while :; do sleep 0.05; done', 9],
      ['SIGUSR1', 'echo go; exec sleep 60', 138],
      ['SIGINT', 'echo go; exec sleep 60', 130],
      ['SIGHUP', 'echo go; exec sleep 60', 129],
    ] as const) {
      it(`passes ${signal} on`, async () => {
        const child = await scopes.begin(script);
        child.kill(signal);
        expect(await scopes.finish(child)).toMatchObject({ status });
      });
    }

    it('leaves nothing behind when the launching program is killed', async () => {
      const child = await scopes.begin('sleep 60 & sleep 60 & echo go; wait');
      const scope = [...scopes.agent.scopes.values()].at(-1);
      expect(scope?.isEmpty()).toBe(false);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await expect.poll(() => scope?.isEmpty()).toBe(true);
    });
  });

  describe('the agent', () => {
    it('protects a process that is complete and has not begun', async () => {
      await scopes.run({ command: ['true'] });
      const seen = scopes.agent.protectedProcesses.at(-1);
      expect(seen?.cgroupPids).toEqual([seen?.pid]);
      expect(seen?.cmdline).toContain('launcher.js');
      const [root] = seen?.mountinfo.split('\n') ?? [];
      expect(root).toMatch(/ \/ \/ rw\S* .*- overlay overlay /u);
      expect(scopes.agent.calls.slice(-3)).toEqual(['create test', 'protect', 'remove']);
    });

    it('that refuses to protect keeps the command from starting', async () => {
      scopes.agent.failNext('protect');
      const result = await scopes.sh('echo started');
      expect(result).toMatchObject({ status: 125, stdout: '' });
      expect(result.stderr).toContain('AGENT_REFUSED');
      expect(scopes.agent.calls.at(-1)).toBe('remove');
    });

    it('that refuses to register keeps the command from starting', async () => {
      scopes.agent.failNext('create');
      expect(await scopes.sh('echo started')).toMatchObject({ status: 125, stdout: '' });
    });

    it('that cannot remove the scope does not change the status', async () => {
      scopes.agent.failNext('remove');
      const result = await scopes.sh('exit 3');
      expect(result).toMatchObject({ status: 3, stderr: containing('not removed') });
    });
  });
});
