import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newScopeSchema, Scopes, toWorkload } from './scopes.js';

describe('Scopes', () => {
  let directory = '';
  const open = (): Scopes => new Scopes(join(directory, 'scopes.json'), 'container_namespace');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-scopes-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('finds its scopes again, and never gives an id twice', async () => {
    const first = open();
    const one = await first.create({ name: 'one', labels: { app: 'web' } }, 1);
    const two = await first.create({ name: 'two', labels: {}, namespace: 'n' }, 2);
    await first.remove(one.id);
    const again = open();
    expect(again.all()).toEqual([two]);
    expect((await again.create({ name: 'three', labels: {} }, 3)).id).toBeGreaterThan(two.id);
  });

  it('says which scope is unknown', () => {
    expect(() => open().get(9)).toThrow(/scope 9/);
  });

  it('is selected like a container', async () => {
    const scope = await open().create({ name: 'web', labels: { app: 'web' } }, 1);
    expect(toWorkload(scope)).toEqual({
      kind: 'scope',
      namespace: 'container_namespace',
      name: 'web',
      containerName: 'web',
      labels: { app: 'web' },
    });
  });

  for (const name of ['', '../x', 'a/b', '-a', 'a'.repeat(64)]) {
    it(`refuses the name ${JSON.stringify(name)}`, () => {
      expect(newScopeSchema.safeParse({ name, labels: {} }).success).toBe(false);
    });
  }
});
