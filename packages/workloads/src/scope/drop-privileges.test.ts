import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeOptions } from './scope-spec.js';
import { IS_ROOT, ScopeRunner } from './testing/scope-runner.js';

let scopes: ScopeRunner;

describe.skipIf(!IS_ROOT)('dropPrivileges', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    scopes = await ScopeRunner.start();
  });

  afterAll(async () => {
    await scopes[Symbol.asyncDispose]();
  });

  const sets = async (options: Partial<ScopeOptions>): Promise<Readonly<Record<string, string>>> => {
    const { stdout } = await scopes.sh('grep -E "^(Cap|Uid|Gid|Groups|NoNew)" /proc/self/status', options);
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
