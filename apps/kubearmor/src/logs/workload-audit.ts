import type { Visibility } from '@kubearmor/monitor';
import type { RuleSet } from '@kubearmor/policy';
import type { AlertNode, LogEvent } from '@kubearmor/telemetry';
import { auditAlert, type AuditAlert } from './audit-alert.js';
import { AuditRules } from './audit-rules.js';
import { seenCall } from './seen-call.js';

/** A workload with rules about what only the monitor sees. */
export class WorkloadAudit {
  readonly #id: number;
  readonly #told: Visibility;
  readonly #rules: AuditRules;
  readonly #node: AlertNode;
  /** What must be watched: what is told, and what the rules are about. */
  readonly watched: Visibility;

  private constructor(id: number, told: Visibility, rules: AuditRules, node: AlertNode) {
    this.#id = id;
    this.#told = told;
    this.#rules = rules;
    this.#node = node;
    this.watched = new Set([...told, ...rules.kinds]);
  }

  /** Binds the rules to the workload's root. */
  static create(
    id: number,
    told: Visibility,
    { ruleSet, root }: { readonly ruleSet: RuleSet; readonly root: string },
    node: AlertNode,
  ): WorkloadAudit {
    return new WorkloadAudit(id, told, AuditRules.bind(ruleSet, root), node);
  }

  /** The alert that an operation gives. */
  alertOf(log: LogEvent): AuditAlert | undefined {
    return auditAlert(this.#id, log, this.#rules.judge(log), this.#node);
  }

  /** Whether an operation is also told as a log. */
  isTold({ call }: LogEvent): boolean {
    return this.#told.has(seenCall(call).kind);
  }
}
