import { describe, expect, it } from 'vitest';
import type { Candidate } from '../bind/path-tables.js';
import { bound, policyText } from '../testing/policies.js';
import { effectOf } from './effect.js';

const facts = {
  subject: { exe: '/x', fsUid: 0, hasTty: false },
  isProcess: false,
  isWrite: false,
  ownerUid: 0,
  argv: [],
};

function candidates(rules: readonly object[]): readonly Candidate[] {
  const set = bound(policyText('p', { file: { matchPaths: rules } }));
  return set.file.tables().paths.get('/a') ?? [];
}

describe('effectOf', () => {
  it('is nothing where no rule decides', () => {
    expect(effectOf([], facts)).toEqual({});
    expect(effectOf(candidates([{ path: '/a', action: 'Audit', ownerOnly: true }]), facts)).toEqual({});
  });

  it('says what decides, by which rule, and what alerts', () => {
    const all = [
      { path: '/a', action: 'Audit' },
      { path: '/a', action: 'Allow', readOnly: true },
      { path: '/a', action: 'Block', ownerOnly: true },
    ];
    const rules = candidates(all);
    const rank = rules[0]?.rank;
    const auditing = { rank, order: 0 };
    expect(effectOf(rules, facts)).toEqual({ deciding: { outcome: 'pass', rank, order: 0 }, auditing });
    expect(effectOf(rules, { ...facts, ownerUid: 1 })).toEqual({
      deciding: { outcome: 'block', rank, order: 2 },
      auditing,
    });
    const failing = effectOf(rules.slice(0, 2), { ...facts, isWrite: true });
    expect(failing).toEqual({ deciding: { outcome: 'fail', rank, order: 1 }, auditing });
  });
});
