import type { Policy, Postures, Workload } from '@kubearmor/policy';

/** A workload with all that decides about what it does. */
export interface JudgedWorkload {
  readonly workload: Workload;
  /** Those that select it. */
  readonly policies: readonly Policy[];
  readonly postures: Postures;
  /** The path of its root as this process sees it. */
  readonly root: string;
  /** Rules that are not enforced for it, and why. */
  readonly notEnforced: ReadonlyMap<string, string>;
}
