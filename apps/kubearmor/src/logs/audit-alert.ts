import type { Decision } from '@kubearmor/policy';
import { createAlert, type Alert, type AlertNode, type LogEvent } from '@kubearmor/telemetry';
import { seenCall } from './seen-call.js';

/** An alert that the monitor raised, with what is needed to throttle it. */
export interface AuditAlert {
  readonly workload: number;
  readonly rule: string;
  readonly alert: Alert;
}

const NS_PER_US = 1000n;

/** The alert about an operation that was seen, if the decision asks for one: it was not refused by us. */
export function auditAlert(
  id: number,
  log: LogEvent,
  decision: Decision,
  node: AlertNode,
): AuditAlert | undefined {
  const rule = decision.alert;
  if (rule === undefined) return undefined;
  const isDenial = decision.verdict === 'deny';
  // Refused by somebody else, it is no denial of ours that would have been.
  if (isDenial && log.call.Result !== 'Passed') return undefined;
  const { call, process, workload, Resource } = log;
  const alert = createAlert({
    atNs: BigInt(log.atUs) * NS_PER_US,
    node,
    workload,
    process,
    decision: {
      Type: id === 0 ? 'MatchedHostPolicy' : 'MatchedPolicy',
      PolicyName: rule.policyName,
      Action: isDenial ? 'Audit (Block)' : 'Audit',
      Result: call.Result,
      Enforcer: 'eBPF Monitor',
      Rule: rule.rule,
      Severity: rule.severity === 0 ? '' : String(rule.severity),
      Tags: rule.tags.join(','),
      ATags: rule.tags,
      Message: rule.message,
    },
    marks: call.Marks,
    operation: {
      Source: log.Source ?? process.Source ?? '',
      Operation: seenCall(call).name === undefined ? call.Operation : 'Syscall',
      Resource,
      Data: call.syscall === undefined ? call.Data : `syscall=SYS_${call.syscall.toUpperCase()} ${call.Data}`,
    },
  });
  return { workload: id, rule: rule.rule, alert };
}
