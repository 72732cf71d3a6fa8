import { decide, type Decision } from '@kubearmor/policy';
import { bindGroup, TestkitError, toOperation, type CorpusCase, type CorpusGroup } from '@kubearmor/testkit';
import type { CaseResult } from './case-result.js';

/** Tries every case of a group on its policies; says where none of them selects the workload. Throws POLICY_INVALID, ROOT_INVALID. */
export function runGroup(group: CorpusGroup, note: (line: string) => void): readonly CaseResult[] {
  const { bound, root } = bindGroup(group);
  if (bound.rules.length === 0) {
    note(`# ${group.file}:${group.line}: ${group.name}: no policy selects its workload`);
  }
  return group.cases.map((one) => {
    const result = (expected: string, got: string): CaseResult => ({
      name: `${group.name}: ${one.name}`,
      where: `${group.file}:${one.line}`,
      isAsExpected: expected === got,
      expected,
      got,
    });
    const expected = describeExpected(one);
    try {
      return result(expected, describeDecision(decide(bound, toOperation(one, root)), one));
    } catch (thrown) {
      if (!(thrown instanceof TestkitError)) throw thrown;
      return result(expected, `${thrown.code}: ${thrown.message}`);
    }
  });
}

function describeExpected({ expect: { verdict, alert, anyAlert } }: CorpusCase): string {
  if (anyAlert === true) return verdict;
  if (alert === undefined) return `${verdict}, no alert`;
  const { policyName, rule, action, severity, tags, message } = alert;
  return describe(verdict, { policyName, rule, action, severity, tags, message });
}

/** A decision in the words of what is expected: what nothing is said of is left out. */
function describeDecision({ verdict, alert }: Decision, { expect }: CorpusCase): string {
  if (expect.anyAlert === true) return verdict;
  if (alert === undefined) return `${verdict}, no alert`;
  const { policyName, rule, action, severity, tags, message } = alert;
  return describe(verdict, {
    policyName,
    rule,
    action,
    severity: expect.alert?.severity === undefined ? undefined : severity,
    tags: expect.alert?.tags === undefined ? undefined : tags,
    message: expect.alert?.message === undefined ? undefined : message,
  });
}

interface DescribedAlert {
  readonly policyName: string;
  readonly rule: string;
  readonly action: string;
  readonly severity: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly message: string | undefined;
}

function describe(
  verdict: string,
  { policyName, rule, action, severity, tags, message }: DescribedAlert,
): string {
  const parts = [`${verdict}, alert ${action} by ${policyName}, ${rule}`];
  if (severity !== undefined) parts.push(`severity ${severity}`);
  if (tags !== undefined) parts.push(`tags ${tags.join(' ')}`);
  if (message !== undefined) parts.push(`message ${JSON.stringify(message)}`);
  return parts.join(', ');
}
