import type { Logger } from '@kubearmor/service';
import type { GuardProgramsOptions } from '../guard-programs.js';

/** How a keeper is run. */
export interface KeeperOptions extends GuardProgramsOptions {
  readonly onError: 'deny' | 'allow';
  /** A file that says who the guard is, for the next keeper and for a release. */
  readonly stateFile: string;
  /** Directory of the alert journal. */
  readonly spool: string;
  readonly logFile: string;
  /** How to start an answerer. */
  readonly answererCommand: readonly [string, ...string[]];
  readonly logger: Logger;
  readonly nowMs: () => number;
}
