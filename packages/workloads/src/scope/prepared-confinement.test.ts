import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeOptions } from './scope-spec.js';
import { IS_ROOT, ScopeRunner } from './testing/scope-runner.js';

let scopes: ScopeRunner;

const containing = (text: string): unknown => expect.stringContaining(text);

describe.skipIf(!IS_ROOT)('prepareConfinement', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    scopes = await ScopeRunner.start();
  });

  afterAll(async () => {
    await scopes[Symbol.asyncDispose]();
  });

  const confine: Partial<ScopeOptions> = { confine: true };

  it('allows writes where they are usual', async () => {
    const script =
      'echo a > /tmp/a && mv /tmp/a /var/tmp/b && mkdir /run/d && rm /var/tmp/b && echo x > /dev/null';
    expect(await scopes.sh(script, confine)).toMatchObject({ status: 0, stderr: '' });
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
      const { status, stderr } = await scopes.sh(script, { ...confine, capAdd: ['sys_admin'] });
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/permission denied|not permitted/iu);
    });
  }

  it('allows writes where it is told to, and no longer elsewhere', async () => {
    const script = 'echo a > /opt/a; echo $?; echo a > /tmp/a; echo $?; grep NoNewPrivs /proc/self/status';
    expect((await scopes.sh(script, { ...confine, writable: ['/opt'] })).stdout).toBe(
      '0\n2\nNoNewPrivs:\t1\n',
    );
  });

  it('does not start where a directory is not there', async () => {
    const result = await scopes.sh('true', { ...confine, writable: ['/no/such'] });
    expect(result).toMatchObject({ status: 125, stderr: containing('/no/such') });
  });
});
