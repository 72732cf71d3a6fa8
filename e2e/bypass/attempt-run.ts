import type { Attempt, Goal } from './attempt.ts';
import type { NamedAlert } from './named-alerts.ts';
import type { CommandResult } from './run-command.ts';

/** What came of one attempt, without the policy and with it. */
export interface AttemptRun {
  readonly control: CommandResult;
  readonly guarded: CommandResult;
  /** Alerts of the scope in which it was guarded. */
  readonly alerts: readonly NamedAlert[];
}

/** What is wrong with a control: nothing where the attempt does without a policy what it is made for. */
export function wrongWithControl({ goal }: Attempt, { control }: AttemptRun): string {
  return isReached(goal, control)
    ? ''
    : `expected the attempt to work without the policy, got ${text(control)}`;
}

/** What is wrong with the guarded attempt: nothing where its data is right. */
export function wrongWithGuarded(attempt: Attempt, policyName: string, run: AttemptRun): string {
  const hasReached = isReached(attempt.goal, run.guarded);
  if (attempt.reach === 'outside') {
    if (!hasReached) return `expected it to work as long as it is outside, got ${text(run.guarded)}`;
    return wrongWithTelling(attempt, run);
  }
  if (hasReached) return `expected it to be stopped, got ${text(run.guarded)}`;
  if (attempt.by === 'scope') return '';
  const ownName = attempt.early ? lateName(policyName, attempt) : policyName;
  const { policy = attempt.alert.rule === undefined ? ownName : undefined, rule } = attempt.alert;
  const isTold = run.alerts.some(
    (alert) =>
      alert.action === 'Block' &&
      (policy === undefined || alert.policy === policy) &&
      (rule === undefined || alert.rule === rule),
  );
  return isTold
    ? ''
    : `expected a Block of ${policy ?? ''}${rule ?? ''}, got ${JSON.stringify(run.alerts)}, and ${text(run.guarded)}`;
}

/** The name of the policy that is put in force while the attempt waits. */
export function lateName(policyName: string, { name }: Attempt): string {
  return `${policyName}-${name}`;
}

function wrongWithTelling({ told }: Attempt, { alerts }: AttemptRun): string {
  const actions = new Set(alerts.map(({ action }) => action));
  const isRight = told === 'none' ? actions.size === 0 : told !== undefined && actions.has(told);
  return isRight ? '' : `expected told ${told ?? ''}, got ${JSON.stringify(alerts)}`;
}

/** Whether a command ended as its goal says. */
export function isReached({ status, output }: Goal, result: CommandResult): boolean {
  if (status !== undefined && result.status !== status) return false;
  return output === undefined || result.output.includes(output);
}

function text({ status, output }: CommandResult): string {
  return `status ${status}, output ${JSON.stringify(output.slice(-400))}`;
}
