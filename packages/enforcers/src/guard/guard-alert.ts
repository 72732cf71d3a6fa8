import type { Decision } from '@kubearmor/policy';

/** Who made a request. */
export interface AlertProcess {
  readonly hostPid: number;
  readonly hostParentPid: number;
  readonly pid: number;
  readonly uid: number;
  readonly exe: string;
  readonly parentExe: string;
  readonly commandLine: string;
  readonly cwd: string;
  readonly tty: string;
}

/** What was asked for, in the terms of the alert's text. */
export type AlertOperation =
  | {
      readonly kind: 'process';
      readonly path: string;
      readonly argv: readonly string[];
      readonly syscall: string;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly syscall: string;
      readonly flags?: number;
      readonly dirFd?: number;
    }
  | {
      readonly kind: 'network';
      readonly use: 'create' | 'bind' | 'connect' | 'send';
      readonly family: number;
      readonly type: number;
      readonly protocol: number;
      readonly address?: string;
      readonly port?: number;
    };

/** One alert as the guard raises it; the agent adds who the workload is. */
export interface GuardAlert {
  readonly workload: number;
  readonly timeNs: string;
  readonly decision: Decision;
  /** Whether the kernel refused the operation; false where it was only seen. */
  readonly isEnforced: boolean;
  readonly process: AlertProcess;
  readonly operation: AlertOperation;
}
