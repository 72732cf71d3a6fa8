import type { FindingCode } from '@kubearmor/policy';

/** What `karmor policy lint` finds beyond what the policies themselves say. */
export type MachineFindingCode =
  /** An agent would refuse the policy: it would lock the machine out. */
  | 'LOCKOUT'
  /** The guard carries a rule out in part, or only tells. */
  | 'GUARD_REACH';

/** What `karmor policy lint` may find. */
export type PolicyFindingCode = FindingCode | MachineFindingCode;
