import type { ScopeSpec } from './scope-spec.js';

/** What the launcher is told to become: all that it needs to know, in one line of JSON. */
export interface LaunchOrder {
  readonly kind: 'order';
  /** The directory of the scope's cgroup. */
  readonly cgroup: string;
  /** Whether the launcher was started in a mount namespace of the scope's, together with the pid namespace. */
  readonly hasMountNamespace: boolean;
  /** The soft limit of open descriptors that the caller had; null to leave what Node made of it. */
  readonly openFileLimit: number | null;
  readonly spec: ScopeSpec;
}

/** What the launcher answers. */
export type LauncherReply =
  /** The scope is complete and may be protected; nothing is opened from here on. */
  | { readonly kind: 'ready'; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** What the launcher waits for before it becomes the workload. */
export interface LaunchGo {
  readonly kind: 'go';
}

/** The descriptor on which launcher and launched talk. */
export const LAUNCH_FD = 3;

/** Turns a message into its line. */
export function encodeLaunchMessage(message: LaunchOrder | LauncherReply | LaunchGo): string {
  return `${JSON.stringify(message)}\n`;
}

/** Whether a message is an order. Both ends are this package, started from one directory: the kind says it all. */
export function isLaunchOrder(message: unknown): message is LaunchOrder {
  return kindOf(message) === 'order';
}

/** Whether a message lets the launcher go on. */
export function isLaunchGo(message: unknown): message is LaunchGo {
  return kindOf(message) === 'go';
}

/** Whether a message is an answer of the launcher. */
export function isLauncherReply(message: unknown): message is LauncherReply {
  const kind = kindOf(message);
  return kind === 'ready' || kind === 'failed';
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
