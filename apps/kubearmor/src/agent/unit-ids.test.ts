import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUnit } from '@kubearmor/enforcers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnitIds } from './unit-ids.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unit-ids-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('UnitIds', () => {
  it('gives every unit a number of its own, which the next agent knows', async () => {
    const file = join(directory, 'units.json');
    const ids = new UnitIds(file);
    expect(ids.idOf('a.service')).toBe(0);
    await ids.assign(['a.service', 'b.service']);
    await ids.assign(['b.service']);
    const [a, b] = [ids.idOf('a.service'), ids.idOf('b.service')];
    expect([isUnit(a), isUnit(b), a === b]).toEqual([true, true, false]);
    const next = new UnitIds(file);
    await next.assign(['c.service']);
    expect([next.idOf('a.service'), next.idOf('b.service')]).toEqual([a, b]);
    expect(new Set([a, b, next.idOf('c.service')]).size).toBe(3);
  });
});
