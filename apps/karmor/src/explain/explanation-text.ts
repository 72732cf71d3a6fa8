import type { Explanation, Operation } from '@kubearmor/policy';
import { styleText } from 'node:util';
import { formatTable } from '../status/table.js';
import type { JudgedWorkload } from './judged-workload.js';

/** What would come of an operation, for people. */
export function formatExplanation(
  explanation: Explanation,
  operation: Operation,
  judged: JudgedWorkload,
  isColoured: boolean,
): string {
  const { decision, matched, unmatched } = explanation;
  const rule = deciderOf(explanation);
  const gap = rule === undefined ? undefined : judged.notEnforced.get(rule);
  const head = [
    ['workload', describeWorkload(judged)],
    ['operation', describeOperation(operation)],
    ['verdict', paint(decision.verdict, isColoured)],
    ['decided by', rule ?? 'no rule'],
    ['alert', describeAlert(explanation)],
    ...(gap === undefined ? [] : [['not enforced', gap]]),
  ];
  const width = Math.max(...head.map(([name = '']) => name.length));
  const lines = head.map(([name = '', text = '']) => `${name.padEnd(width)}  ${text}\n`).join('');
  const parts = [
    lines,
    table(
      ['RULE THAT MATCHED', 'DECIDED', 'WHAT IT SAYS'],
      matched.map(({ rule: id, decided, reason }) => [id, decided ? 'yes' : '-', reason]),
    ),
    table(
      ['RULE THAT DID NOT MATCH', 'WHY'],
      unmatched.map(({ rule: id, why }) => [id, why]),
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The id of what decided: a rule or a posture. */
function deciderOf({ decision, matched, posture }: Explanation): string | undefined {
  return decision.alert?.rule ?? posture ?? matched.find(({ decided }) => decided)?.rule;
}

function describeWorkload({ workload, root }: JudgedWorkload): string {
  const labels = Object.entries(workload.labels).map(([key, value]) => `${key}=${value}`);
  return `${workload.namespace}/${workload.name} (${labels.join(',') || 'no labels'}), root ${root}`;
}

function describeOperation(operation: Operation): string {
  const { subject } = operation;
  const who = subject === undefined ? '' : ` by ${subject.exe} (uid ${subject.fsUid})`;
  return `${describeObject(operation)}${who}`;
}

function describeObject(operation: Operation): string {
  switch (operation.kind) {
    case 'exec': {
      const files = operation.links.map(({ path }) => path).join(' → ');
      return `exec ${[operation.requestedPath, ...operation.argv.slice(1)].join(' ')} (opens ${files})`;
    }
    case 'file':
      return `${operation.access.join(' and ')} ${operation.objects.map(({ path }) => path).join(', ')}`;
    case 'network':
      return `socket ${operation.family} ${operation.type} ${operation.protocol}`;
    case 'capabilities':
      return `capability ${operation.capability}`;
    case 'dns':
      return `look-up of ${operation.domain}`;
    case 'syscall':
      return `call of ${operation.syscall}`;
    case 'device':
      return `device of class ${operation.class}`;
    case 'preset':
      return operation.preset;
  }
}

function describeAlert({ decision: { alert } }: Explanation): string {
  if (alert === undefined) return 'none';
  const message = alert.message === '' ? '' : `: ${alert.message}`;
  return `${alert.action}, policy ${alert.policyName}, severity ${alert.severity}${message}`;
}

function paint(verdict: 'pass' | 'deny', isColoured: boolean): string {
  if (!isColoured) return verdict;
  return styleText(verdict === 'deny' ? 'red' : 'green', verdict, { validateStream: false });
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : formatTable(headings, rows);
}
