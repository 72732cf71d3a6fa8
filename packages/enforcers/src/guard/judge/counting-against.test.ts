import type { Decision } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { countingAgainst } from './counting-against.js';

function decision(verdict: 'pass' | 'deny', rule: string): Decision {
  const action = verdict === 'deny' ? 'Block' : 'Audit';
  return { verdict, alert: { policyName: 'p', rule, action, severity: 0, tags: [], message: '' } };
}
const PASS: Decision = { verdict: 'pass' };
const blocked = decision('deny', 'a#file.matchPaths[0]');
const audited = decision('pass', 'b#file.matchPaths[0]');
const posture = decision('deny', 'posture:file');

describe('countingAgainst', () => {
  for (const [what, own, other, expected] of [
    ['a Block under another name denies', PASS, blocked, blocked],
    ['a posture under another name does not', PASS, posture, PASS],
    ['what passes under another name does not help', posture, PASS, posture],
    ['an Audit under another name is told', PASS, audited, audited],
    [
      'of two alerts that of its own names is told',
      audited,
      decision('pass', 'c#file.matchPaths[0]'),
      audited,
    ],
  ] as const) {
    it(what, () => {
      expect(countingAgainst(own, ['/x'], () => other)).toBe(expected);
    });
  }

  it('asks once, under all further names, and not at all without any', () => {
    const asked: unknown[] = [];
    const ask = (path: string, otherNames: readonly string[]): Decision => {
      asked.push([path, otherNames]);
      return PASS;
    };
    countingAgainst(PASS, [], ask);
    countingAgainst(PASS, ['/a', '/b', '/c'], ask);
    expect(asked).toEqual([['/a', ['/b', '/c']]]);
  });
});
