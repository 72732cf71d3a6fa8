import type { Postures } from '../compile/postures.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/decision.js';
import type { Operation } from '../decide/operation.js';
import type { MemoryRoot } from './memory-resolver.js';
import { bound } from './policies.js';

/** A decision in one line: the verdict, and what the alert names. */
export function shown({ verdict, alert }: Decision): string {
  if (alert === undefined) return verdict;
  return `${verdict} ${alert.action} ${alert.policyName} ${alert.rule.replace(/^.*#/, '')}`;
}

/** Judges operations by the policies of a text. */
export function tests(
  text: string,
  root?: MemoryRoot,
  postures?: Postures,
): (operation: Operation) => string {
  const set = bound(text, root, postures);
  return (operation) => shown(decide(set, operation));
}
