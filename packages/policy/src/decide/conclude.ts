import type { Decision } from './decision.js';
import { pass } from './decision.js';
import type { Judgement } from './judgement.js';

/** The decision of the rules, or where none matched that of the posture. */
export function conclude(judgement: Judgement, posture: Decision | undefined): Decision {
  const decided = judgement.byRules();
  if (decided !== undefined) return decided;
  if (posture?.verdict === 'deny') return posture;
  const audited = judgement.audited();
  return audited.alert === undefined ? (posture ?? pass) : audited;
}

/** Of decisions about parts of one operation, in their order: the first denial, else the first alert. */
export function firstOf(earlier: Decision, later: Decision): Decision {
  if (earlier.verdict === 'deny') return earlier;
  return later.verdict === 'deny' || earlier.alert === undefined ? later : earlier;
}
