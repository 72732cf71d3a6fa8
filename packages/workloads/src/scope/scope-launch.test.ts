import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeOptions } from './scope-spec.js';
import { type FakeScopeAgent, startFakeScopeAgent } from './testing/fake-scope-agent.js';

// The launcher is a program: these tests run what `tsc -b` has made of it, on the real kernel.
const PROGRAM = fileURLToPath(new URL('../../dist/scope/testing/run-scope-main.js', import.meta.url));
const IS_ROOT = process.geteuid?.() === 0;

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let agent: FakeScopeAgent;

function start(options: Partial<ScopeOptions>): ChildProcess {
  const scope = { name: 'test', command: ['true'], ...options };
  return spawn(process.execPath, [PROGRAM, agent.socketPath, JSON.stringify(scope)], { stdio: 'pipe' });
}

async function finish(child: ChildProcess, input = ''): Promise<Result> {
  child.stdin?.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status: typeof status === 'number' ? status : null, stdout, stderr };
}

const run = (options: Partial<ScopeOptions>, input?: string): Promise<Result> =>
  finish(start(options), input);

const sh = (script: string, options: Partial<ScopeOptions> = {}): Promise<Result> =>
  run({ ...options, command: ['sh', '-c', script] });

/** Starts a script and resolves when it has said its first word. */
async function started(script: string, options: Partial<ScopeOptions> = {}): Promise<ChildProcess> {
  const child = start({ ...options, command: ['sh', '-c', script] });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

describe.skipIf(!IS_ROOT)('launchScope', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    expect(existsSync(PROGRAM), `${PROGRAM}: build the package first`).toBe(true);
    agent = await startFakeScopeAgent();
  });

  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
  });

  describe('the command', () => {
    it('passes the exit status on', async () => {
      expect(await sh('exit 7')).toMatchObject({ status: 7 });
    });

    it('passes a death by signal on', async () => {
      expect(await sh('kill -KILL $$')).toMatchObject({ status: 137 });
    });

    it('is not found with 127', async () => {
      const result = await run({ command: ['no-such-command'] });
      expect(result).toMatchObject({ status: 127, stderr: expect.stringContaining('command not found') });
    });

    it('cannot be executed with 126', async () => {
      const result = await run({ command: ['/etc/passwd'] });
      expect(result).toMatchObject({ status: 126, stderr: expect.stringContaining('permission denied') });
    });

    it('reads and writes the pipes it is given', async () => {
      const input = 'line\n'.repeat(100_000);
      const result = await run({ command: ['sh', '-c', 'cat; echo said >&2'] }, input);
      expect(result).toEqual({ status: 0, stdout: input, stderr: 'said\n' });
    });

    it('inherits nothing else: descriptors, ignored and blocked signals, limits', async () => {
      const { stdout } = await sh(
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
      const { stdout } = await sh('echo $A; pwd', { env: ['A=b c'], workdir: '/usr' });
      expect(stdout).toBe('b c\n/usr\n');
    });

    it('has a terminal when its caller has one', async () => {
      const scope = {
        name: 'test',
        command: ['sh', '-c', 'test -t 0 && echo terminal; echo device > /dev/tty'],
      };
      const line = [
        process.execPath,
        PROGRAM,
        agent.socketPath,
        `'${JSON.stringify(scope).replaceAll("'", "'\\''")}'`,
      ];
      const child = spawn('script', ['-qec', line.join(' '), '/dev/null'], { stdio: 'pipe' });
      const { stdout } = await finish(child);
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
        const child = await started(script);
        child.kill(signal);
        expect(await finish(child)).toMatchObject({ status });
      });
    }

    it('leaves nothing behind when the launching program is killed', async () => {
      const child = await started('sleep 60 & sleep 60 & echo go; wait');
      const scope = [...agent.scopes.values()].at(-1);
      expect(scope?.isEmpty()).toBe(false);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await expect.poll(() => scope?.isEmpty()).toBe(true);
    });
  });

  describe('the agent', () => {
    it('protects a process that is complete and has not begun', async () => {
      await run({ command: ['true'] });
      const seen = agent.protectedProcesses.at(-1);
      expect(seen?.cgroupPids).toEqual([seen?.pid]);
      expect(seen?.cmdline).toContain('launcher.js');
      const [root] = seen?.mountinfo.split('\n') ?? [];
      expect(root).toMatch(/ \/ \/ rw\S* .*- overlay overlay /u);
      expect(agent.calls.slice(-3)).toEqual(['create test', 'protect', 'remove']);
    });

    it('that refuses to protect keeps the command from starting', async () => {
      agent.failNext('protect');
      const result = await sh('echo started');
      expect(result).toMatchObject({ status: 125, stdout: '' });
      expect(result.stderr).toContain('AGENT_REFUSED');
      expect(agent.calls.at(-1)).toBe('remove');
    });

    it('that refuses to register keeps the command from starting', async () => {
      agent.failNext('create');
      expect(await sh('echo started')).toMatchObject({ status: 125, stdout: '' });
    });

    it('that cannot remove the scope does not change the status', async () => {
      agent.failNext('remove');
      const result = await sh('exit 3');
      expect(result).toMatchObject({ status: 3, stderr: expect.stringContaining('not removed') });
    });
  });

  describe('the root', () => {
    it('keeps writes apart', async () => {
      const name = `/etc/kubearmor-test-${process.pid}`;
      const { stdout } = await sh(
        `echo inside > ${name} && cat ${name}; rm /etc/passwd; ls /etc/passwd 2>&1`,
      );
      expect(stdout).toContain('inside');
      expect(stdout).toContain('No such file');
      expect(existsSync(name)).toBe(false);
      expect(existsSync('/etc/passwd')).toBe(true);
    });

    it('is limited in what can be written', async () => {
      const result = await sh('dd if=/dev/zero of=/big bs=1M count=4', { tmpfsSize: '1m' });
      expect(result.stderr).toContain('No space left');
    });

    it('can be a directory, whatever its name', async () => {
      const image = join(mkdtempSync(join(tmpdir(), 'kubearmor-image-')), 'a,b:c\\d');
      mkdirSync(join(image, 'bin'), { recursive: true });
      writeFileSync(join(image, 'bin/hello'), '#!/bin/none\n', { mode: 0o755 });
      try {
        const result = await run({ image, command: ['/bin/hello'] });
        // The file is there and its interpreter is not: nothing of the machine shows through.
        expect(result.stderr).toContain('/bin/hello: no such file or directory');
      } finally {
        rmSync(join(image, '..'), { recursive: true });
      }
    });

    it('must be a directory', async () => {
      const result = await run({ image: '/etc/passwd' });
      expect(result).toMatchObject({ status: 125, stderr: expect.stringContaining('expected a directory') });
    });

    it('must not have a link where something is mounted', async () => {
      const image = mkdtempSync(join(tmpdir(), 'kubearmor-image-'));
      symlinkSync('/etc', join(image, 'proc'));
      try {
        expect(await run({ image })).toMatchObject({ status: 125, stderr: expect.stringContaining('/proc') });
      } finally {
        rmSync(image, { recursive: true });
      }
    });

    it('has devices that work and none that are made', async () => {
      const { stdout, stderr } = await sh(
        'echo x > /dev/null && head -c 3 /dev/zero | wc -c; mknod /tmp/d b 254 0; mknod /dev/d b 254 0; cat /tmp/d; cat /dev/d',
      );
      expect(stdout).toBe('3\n');
      expect(stderr.match(/Permission denied/gu)).toHaveLength(2);
    });

    it('does not let the machine be changed through /proc and /sys', async () => {
      const { stderr } = await sh(
        'echo x > /proc/sys/kernel/core_pattern; echo 0 > /sys/kernel/profiling; touch /sys/x',
      );
      expect(stderr.match(/Read-only file system/gu)).toHaveLength(3);
    });

    it('is also that of its init, so that /proc/1/root leads nowhere', async () => {
      const outside = join(tmpdir(), `kubearmor-outside-${process.pid}`);
      const script = `touch ${outside}; rm -f ${outside}; ls /proc/1/root/; test -e /proc/1/root/dev/zero && ls /proc/1/root/dev/tty0 2>&1`;
      writeFileSync(outside, '');
      try {
        const { stdout } = await sh(`${script}; ls /proc/1/root${outside} 2>&1`, { capAdd: ['ALL'] });
        expect(stdout).toContain(`cannot access '/proc/1/root${outside}'`);
        expect(existsSync(outside)).toBe(true);
      } finally {
        rmSync(outside);
      }
    });
  });

  describe('namespaces', () => {
    const own = async (kind: string, options: Partial<ScopeOptions> = {}): Promise<boolean> => {
      const { stdout } = await sh(`readlink /proc/self/ns/${kind}`, options);
      return stdout.trim() !== readlinkSync(`/proc/self/ns/${kind}`);
    };

    it('are private for mounts, processes, IPC, host name and cgroups, and the machine’s for the network', async () => {
      for (const kind of ['mnt', 'pid', 'ipc', 'uts', 'cgroup']) expect(await own(kind), kind).toBe(true);
      expect(await own('net')).toBe(false);
    });

    it('are the machine’s when asked for', async () => {
      expect(await own('pid', { pid: 'host' })).toBe(false);
      expect(await own('ipc', { ipc: 'host' })).toBe(false);
      expect(await own('uts', { uts: 'host' })).toBe(false);
    });

    it('have a loopback that is up', async () => {
      const { stdout } = await sh(
        'cat /sys/class/net/lo/operstate /proc/net/dev | grep -c :; ls /proc/sys/net/ipv4/conf',
        {
          net: 'private',
        },
      );
      expect(stdout.split('\n')).toContain('lo');
      expect(await own('net', { net: 'private' })).toBe(true);
    });

    it('take a host name', async () => {
      expect(await sh('hostname', { hostname: 'inner' })).toMatchObject({ stdout: 'inner\n' });
    });

    it('end with the command, orphans included', async () => {
      expect(await sh('sleep 60 & echo left')).toMatchObject({ status: 0 });
      expect(await sh('sleep 60 & echo left', { pid: 'host' })).toMatchObject({ status: 0 });
      expect(agent.calls.at(-1)).toBe('remove');
      expect([...agent.scopes.values()].every((scope) => scope.isEmpty())).toBe(true);
    });

    it('reap orphans', async () => {
      const { stdout } = await sh(
        '(sh -c "true & exit" &) ; sleep 0.3; for f in /proc/[0-9]*/stat; do cut -d " " -f 3 $f; done 2>/dev/null',
      );
      expect(stdout.split('\n')).not.toContain('Z');
    });
  });

  describe('new file systems', () => {
    it('cannot be mounted, with CAP_SYS_ADMIN nor in a user namespace', async () => {
      const mount = 'd=$(mktemp -d) && mount -t tmpfs none $d';
      expect((await sh(mount, { capAdd: ['sys_admin'] })).status).not.toBe(0);
      expect((await sh(`unshare -Urm sh -c '${mount}'`)).status).not.toBe(0);
    });

    it('are not what a bind mount is', async () => {
      const bind = 'd=$(mktemp -d) && mount --bind /usr $d && test -d $d/bin';
      expect(await sh(bind, { capAdd: ['sys_admin'] })).toMatchObject({ status: 0 });
      expect(await sh(`unshare -Urm sh -c '${bind}'`)).toMatchObject({ status: 0 });
    });
  });

  describe('privileges', () => {
    const sets = async (options: Partial<ScopeOptions>): Promise<Readonly<Record<string, string>>> => {
      const { stdout } = await sh('grep -E "^(Cap|Uid|Gid|Groups|NoNew)" /proc/self/status', options);
      return Object.fromEntries(
        stdout.split('\n').map((line) => [line.split(':')[0] ?? '', line.split(/:\s*/u)[1] ?? '']),
      );
    };
    const NONE = '0000000000000000';
    const CONTAINER = '00000000a80425fb';

    it('are those of a container', async () => {
      expect(await sets({})).toMatchObject({
        CapEff: CONTAINER,
        CapPrm: CONTAINER,
        CapBnd: CONTAINER,
        CapInh: NONE,
        NoNewPrivs: '0',
      });
    });

    it('can be all dropped', async () => {
      expect(await sets({ capDrop: ['ALL'] })).toMatchObject({ CapEff: NONE, CapPrm: NONE, CapBnd: NONE });
    });

    it('are none for another user, but those asked for', async () => {
      expect(await sets({ user: '1234:1235' })).toMatchObject({
        CapEff: NONE,
        CapPrm: NONE,
        CapBnd: CONTAINER,
        CapAmb: NONE,
      });
      expect(await sets({ user: '1234:1235', capAdd: ['net_bind_service'] })).toMatchObject({
        Uid: '1234\t1234\t1234\t1234',
        Gid: '1235\t1235\t1235\t1235',
        Groups: '',
        CapEff: '0000000000000400',
        CapAmb: '0000000000000400',
      });
    });
  });

  describe('confinement', () => {
    const confine: Partial<ScopeOptions> = { confine: true };

    it('allows writes where they are usual', async () => {
      const script =
        'echo a > /tmp/a && mv /tmp/a /var/tmp/b && mkdir /run/d && rm /var/tmp/b && echo x > /dev/null';
      expect(await sh(script, confine)).toMatchObject({ status: 0, stderr: '' });
    });

    for (const [what, script] of [
      ['writing', 'echo a > /etc/hostname'],
      ['creating', 'echo a > /etc/new'],
      ['removing', 'rm /etc/hostname'],
      ['renaming', 'mv /etc/hostname /etc/other'],
      ['making a directory', 'mkdir /opt/new'],
      ['linking', 'ln -s a /opt/link'],
      ['truncating', 'truncate -s 0 /etc/hostname'],
      ['changing a mode, even where writing is allowed', 'touch /tmp/a && chmod 700 /tmp/a'],
      ['changing an owner', 'touch /tmp/a && chown 1 /tmp/a'],
      ['making a device', 'mknod /tmp/a p'],
      ['mounting', 'mount --bind /usr /tmp'],
    ] as const) {
      it(`denies ${what}`, async () => {
        const { status, stderr } = await sh(script, { ...confine, capAdd: ['sys_admin'] });
        expect(status).not.toBe(0);
        expect(stderr).toMatch(/permission denied|not permitted/iu);
      });
    }

    it('allows writes where it is told to, and no longer elsewhere', async () => {
      const script = 'echo a > /opt/a; echo $?; echo a > /tmp/a; echo $?; grep NoNewPrivs /proc/self/status';
      expect((await sh(script, { ...confine, writable: ['/opt'] })).stdout).toBe('0\n2\nNoNewPrivs:\t1\n');
    });

    it('does not start where a directory is not there', async () => {
      const result = await sh('true', { ...confine, writable: ['/no/such'] });
      expect(result).toMatchObject({ status: 125, stderr: expect.stringContaining('/no/such') });
    });
  });

  it('leaves the machine’s mounts as they were', async () => {
    const before = readFileSync('/proc/self/mountinfo', 'utf8');
    await sh('true');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(before);
  });
});
