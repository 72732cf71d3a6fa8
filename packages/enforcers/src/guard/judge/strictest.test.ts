import type { Decision } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { isRefused, strictest } from './strictest.js';

const alert = { policyName: 'p', rule: 'r', severity: 1, tags: [], message: '' };
const pass: Decision = { verdict: 'pass' };
const audit: Decision = { verdict: 'pass', alert: { ...alert, action: 'Audit' } };
const deny: Decision = { verdict: 'deny', alert: { ...alert, action: 'Block' } };

describe('strictest', () => {
  it.each([
    [[pass, deny], 1],
    [[audit, deny], 1],
    [[deny, deny], 0],
    [[pass, audit], 1],
    [[audit, audit], 0],
    [[pass, pass], 0],
  ])('of %j takes number %i', (decisions, index) => {
    const judged = decisions.map((decision, number) => ({ by: { number, isAudited: false }, decision }));
    expect(strictest(judged)?.by.number).toBe(index);
  });

  it('takes what refuses before what only would', () => {
    const judged = [true, false].map((isAudited) => ({ by: { isAudited }, decision: deny }));
    const found = strictest(judged);
    expect(found?.by.isAudited).toBe(false);
    expect(judged.map(isRefused)).toEqual([false, true]);
  });

  it('has nothing of nobody', () => {
    expect(strictest([])).toBeUndefined();
  });
});
