import type { LogProcess } from '@kubearmor/telemetry';
import type { ProcessImage } from './process-image.js';

/** A process that another one came from. */
export interface Ancestor {
  readonly pid: number;
  readonly exe: string;
}

/** Of a process of which no record has told yet. */
export const NO_WORKLOAD = -1;

/** One process, from its fork to its exit. */
export interface ProcessNode {
  readonly pid: number;
  /** When it started: with the pid it names the process for good. 0 where that is not known. */
  startNs: number;
  /** Whether `startNs` is the kernel's; what /proc tells is rounded down to a clock tick. */
  isExact: boolean;
  /** The process that forked it. */
  parentPid: number;
  /** What that ran when it forked. */
  parentImage: ProcessImage;
  /** From the parent up, at most 16. */
  ancestors: readonly Ancestor[];
  image: ProcessImage;
  cwd: string;
  /** `pts0`; empty without one. */
  tty: string;
  /** Its id, and its parent's, as they see them themselves. */
  innerPid: number;
  innerParent: number;
  pidNamespace: number;
  mountNamespace: number;
  /** The workload it is of: 0 is the host, NO_WORKLOAD where no record has told yet. */
  workload: number;
  /** The session in which it or one it comes from entered the workload from outside, in decimal digits; `0` for none. */
  execId: string;
  /** What its logs have in common, as long as nothing of it changes. */
  log: LogProcess | undefined;
}
