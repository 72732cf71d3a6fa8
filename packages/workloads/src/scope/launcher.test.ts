import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_ROOT, ScopeRunner } from './testing/scope-runner.js';

let scopes: ScopeRunner;

describe.skipIf(!IS_ROOT)('the launcher', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    scopes = await ScopeRunner.start();
  });

  afterAll(async () => {
    await scopes[Symbol.asyncDispose]();
  });

  describe('new file systems', () => {
    it('cannot be mounted, with CAP_SYS_ADMIN nor in a user namespace', async () => {
      const mount = 'd=$(mktemp -d) && mount -t tmpfs none $d';
      expect((await scopes.sh(mount, { capAdd: ['sys_admin'] })).status).not.toBe(0);
      expect((await scopes.sh(`unshare -Urm sh -c '${mount}'`)).status).not.toBe(0);
    });

    it('are not what a bind mount is', async () => {
      const bind = 'd=$(mktemp -d) && mount --bind /usr $d && test -d $d/bin';
      expect(await scopes.sh(bind, { capAdd: ['sys_admin'] })).toMatchObject({ status: 0 });
      expect(await scopes.sh(`unshare -Urm sh -c '${bind}'`)).toMatchObject({ status: 0 });
    });
  });
});
