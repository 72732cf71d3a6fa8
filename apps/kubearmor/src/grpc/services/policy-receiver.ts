import type { PolicyStatus } from '@kubearmor/protocol';

/** Which kinds of policy can be pushed. */
export type PushedKind = 'KubeArmorPolicy' | 'KubeArmorHostPolicy';

/** What is to become of a policy that is pushed. */
export type PushedType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** How long a change lasts. */
export interface PushedChange {
  /** After how many milliseconds it is taken back unless it is confirmed. By default never. */
  readonly confirmWithinMs?: number | undefined;
}

/** Takes policies that clients push. */
export interface PolicyReceiver {
  /** Resolves when the change is in force, or with why it is not. `object` has `metadata` and `spec`, unchecked. */
  apply(kind: PushedKind, type: PushedType, object: unknown, change?: PushedChange): Promise<PolicyStatus>;
}
