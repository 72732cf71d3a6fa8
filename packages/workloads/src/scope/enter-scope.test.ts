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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeOptions } from './scope-spec.js';
import { IS_ROOT, ScopeRunner } from './testing/scope-runner.js';

let scopes: ScopeRunner;

const containing = (text: string): unknown => expect.stringContaining(text);

describe.skipIf(!IS_ROOT)('enterScope', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    scopes = await ScopeRunner.start();
  });

  afterAll(async () => {
    await scopes[Symbol.asyncDispose]();
  });

  describe('the root', () => {
    it('keeps writes apart', async () => {
      const name = `/etc/kubearmor-test-${process.pid}`;
      const { stdout } = await scopes.sh(
        `echo inside > ${name} && cat ${name}; rm /etc/passwd; ls /etc/passwd 2>&1`,
      );
      expect(stdout).toContain('inside');
      expect(stdout).toContain('No such file');
      expect(existsSync(name)).toBe(false);
      expect(existsSync('/etc/passwd')).toBe(true);
    });

    it('is limited in what can be written', async () => {
      const result = await scopes.sh('dd if=/dev/zero of=/big bs=1M count=4', { tmpfsSize: '1m' });
      expect(result.stderr).toContain('No space left');
    });

    it('can be a directory, whatever its name', async () => {
      const image = join(mkdtempSync(join(tmpdir(), 'kubearmor-image-')), 'a,b:c\\d');
      mkdirSync(join(image, 'bin'), { recursive: true });
      writeFileSync(join(image, 'bin/hello'), '#!/bin/none\n', { mode: 0o755 });
      try {
        const result = await scopes.run({ image, command: ['/bin/hello'] });
        // The file is there and its interpreter is not: nothing of the machine shows through.
        expect(result.stderr).toContain('/bin/hello: no such file or directory');
      } finally {
        rmSync(join(image, '..'), { recursive: true });
      }
    });

    it('must be a directory', async () => {
      const result = await scopes.run({ image: '/etc/passwd' });
      expect(result).toMatchObject({ status: 125, stderr: containing('expected a directory') });
    });

    it('must not have a link where something is mounted', async () => {
      const image = mkdtempSync(join(tmpdir(), 'kubearmor-image-'));
      symlinkSync('/etc', join(image, 'proc'));
      try {
        expect(await scopes.run({ image })).toMatchObject({ status: 125, stderr: containing('/proc') });
      } finally {
        rmSync(image, { recursive: true });
      }
    });

    it('has devices that work and none that are made', async () => {
      const { stdout, stderr } = await scopes.sh(
        'echo x > /dev/null && head -c 3 /dev/zero | wc -c; mknod /tmp/d b 254 0; mknod /dev/d b 254 0; cat /tmp/d; cat /dev/d',
      );
      expect(stdout).toBe('3\n');
      expect(stderr.match(/Permission denied/gu)).toHaveLength(2);
    });

    it('does not let the machine be changed through /proc and /sys', async () => {
      const { stderr } = await scopes.sh(
        'echo x > /proc/sys/kernel/core_pattern; echo 0 > /sys/kernel/profiling; touch /sys/x',
      );
      expect(stderr.match(/Read-only file system/gu)).toHaveLength(3);
    });

    it('is also that of its init, so that /proc/1/root leads nowhere', async () => {
      const outside = join(tmpdir(), `kubearmor-outside-${process.pid}`);
      const script = `touch ${outside}; rm -f ${outside}; ls /proc/1/root/; test -e /proc/1/root/dev/zero && ls /proc/1/root/dev/tty0 2>&1`;
      writeFileSync(outside, '');
      try {
        const { stdout } = await scopes.sh(`${script}; ls /proc/1/root${outside} 2>&1`, { capAdd: ['ALL'] });
        expect(stdout).toContain(`cannot access '/proc/1/root${outside}'`);
        expect(existsSync(outside)).toBe(true);
      } finally {
        rmSync(outside);
      }
    });
  });

  describe('namespaces', () => {
    const own = async (kind: string, options: Partial<ScopeOptions> = {}): Promise<boolean> => {
      const { stdout } = await scopes.sh(`readlink /proc/self/ns/${kind}`, options);
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
      const { stdout } = await scopes.sh(
        'cat /sys/class/net/lo/operstate /proc/net/dev | grep -c :; ls /proc/sys/net/ipv4/conf',
        {
          net: 'private',
        },
      );
      expect(stdout.split('\n')).toContain('lo');
      expect(await own('net', { net: 'private' })).toBe(true);
    });

    it('take a host name', async () => {
      expect(await scopes.sh('hostname', { hostname: 'inner' })).toMatchObject({ stdout: 'inner\n' });
    });

    it('end with the command, orphans included', async () => {
      expect(await scopes.sh('sleep 60 & echo left')).toMatchObject({ status: 0 });
      expect(await scopes.sh('sleep 60 & echo left', { pid: 'host' })).toMatchObject({ status: 0 });
      expect(scopes.agent.calls.at(-1)).toBe('remove');
      expect([...scopes.agent.scopes.values()].every((scope) => scope.isEmpty())).toBe(true);
    });

    it('reap orphans', async () => {
      const { stdout } = await scopes.sh(
        '(sh -c "true & exit" &) ; sleep 0.3; for f in /proc/[0-9]*/stat; do cut -d " " -f 3 $f; done 2>/dev/null',
      );
      expect(stdout.split('\n')).not.toContain('Z');
    });
  });

  it('leaves the machine’s mounts as they were', async () => {
    const before = readFileSync('/proc/self/mountinfo', 'utf8');
    await scopes.sh('true');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(before);
  });
});
