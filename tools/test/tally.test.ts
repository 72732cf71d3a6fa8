import { describe, expect, it } from 'vitest';
import { sum, tallyOf } from './tally.ts';

const report = (numPassedTests: number, numFailedTests: number): string =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults: [] });

describe('tallyOf', () => {
  for (const [what, run, expected] of [
    ['a run that passed', { exitCode: 0, report: report(3, 0) }, { passed: 3, failed: 0 }],
    ['tests that failed', { exitCode: 1, report: report(3, 2) }, { passed: 3, failed: 2 }],
    ['a failure without a failed test', { exitCode: 1, report: report(3, 0) }, { passed: 3, failed: 1 }],
    ['a run without a test', { exitCode: 0, report: report(0, 0) }, { passed: 0, failed: 1 }],
    ['a run without a report', { exitCode: 137, report: undefined }, { passed: 0, failed: 1 }],
    ['half a report', { exitCode: 137, report: '{"numPass' }, { passed: 0, failed: 1 }],
  ] as const) {
    it(`counts ${what}`, () => {
      expect(tallyOf(run)).toEqual({ ...expected, failures: [] });
    });
  }

  it('names what failed', () => {
    const passed = { status: 'passed', fullName: 'scope starts', failureMessages: [] };
    const failed = { status: 'failed', fullName: 'scope ends', failureMessages: ['AssertionError: 1\n at'] };
    const run = {
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [
        { name: '/a/scope.test.ts', message: '', assertionResults: [passed, failed] },
        { name: '/a/broken.test.ts', message: 'does not load\n at', assertionResults: [] },
      ],
    };
    expect(tallyOf({ exitCode: 1, report: JSON.stringify(run) }).failures).toEqual([
      'scope.test.ts: scope ends: AssertionError: 1',
      'broken.test.ts: does not load',
    ]);
  });
});

describe('sum', () => {
  it('adds up', () => {
    expect(
      sum([
        { passed: 1, failed: 2, failures: ['a', 'b'] },
        { passed: 3, failed: 1, failures: ['c'] },
      ]),
    ).toEqual({ passed: 4, failed: 3, failures: ['a', 'b', 'c'] });
    expect(sum([])).toEqual({ passed: 0, failed: 0, failures: [] });
  });
});
