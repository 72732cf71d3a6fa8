import type { CorpusCase } from '@kubearmor/testkit';
import type { SeenAlert } from '../agent/alert-file.ts';
import type { Outcome } from '../scope/outcome.ts';
import { isOnlyTold } from './is-only-told.ts';

const EPERM = 1;
const EACCES = 13;

/** What came of a case. */
export interface CaseResult {
  readonly outcome: Outcome;
  readonly alerts: readonly SeenAlert[];
}

/** In what a result differs from what the corpus expects: empty where it does not. */
export function disagreements(one: CorpusCase, { outcome, alerts }: CaseResult): readonly string[] {
  return [...verdictDisagreements(one, outcome), ...alertDisagreements(one, alerts)];
}

function verdictDisagreements({ operation, expect }: CorpusCase, { errno, ran, signal }: Outcome): readonly string[] {
  const got = signal === undefined ? (ran === undefined ? `errno ${errno ?? 'none'}` : 'ran') : `signal ${signal}`;
  if (expect.verdict === 'deny' && !isOnlyTold(operation)) {
    return errno === EPERM || errno === EACCES ? [] : [`verdict: expected deny, got ${got}`];
  }
  if (operation.do !== 'exec') return errno === 0 ? [] : [`verdict: expected pass, got ${got}`];
  return ran === undefined ? [`verdict: expected pass, got ${got}`] : [];
}

function alertDisagreements({ operation, expect }: CorpusCase, alerts: readonly SeenAlert[]): readonly string[] {
  const told = isOnlyTold(operation) && expect.verdict === 'deny';
  const { alert: wanted } = expect;
  const shown = alerts.map((alert) => `${alert.policyName} ${alert.rule} ${alert.action} (${alert.operation} ${alert.resource})`);
  if (wanted === undefined) return alerts.length === 0 ? [] : [`alert: expected none, got ${shown.join(' and ')}`];
  const [alert] = alerts;
  if (alert === undefined || alerts.length > 1) {
    return [`alert: expected ${wanted.policyName} ${wanted.rule}, got ${shown.join(' and ') || 'none'}`];
  }
  const { policyName, rule } = alert;
  const pairs: readonly (readonly [field: string, expected: unknown, got: unknown])[] = [
    ['PolicyName', wanted.policyName, policyName],
    ['Rule', wanted.rule, rule],
    ['Action', told ? 'Audit (Block)' : wanted.action, alert.action],
    ['Result', expect.verdict === 'deny' && !told ? 'Permission denied' : 'Passed', alert.result],
    ['Severity', wanted.severity, Number(alert.severity)],
    ['Tags', wanted.tags?.join(','), alert.tags.join(',')],
    ['Message', wanted.message, alert.message],
  ];
  return pairs
    .filter(([, expected, got]) => expected !== undefined && expected !== got)
    .map(([field, expected, got]) => `alert ${field}: expected ${String(expected)}, got ${String(got)}`);
}
