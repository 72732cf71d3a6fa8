/** What /proc says of a process. */
export interface ProcessFacts {
  readonly pid: number;
  /** Clock ticks between boot and start. */
  readonly startTicks: number;
  readonly parentPid: number;
  readonly exe: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly tty: string;
  readonly innerPid: number;
  readonly innerParent: number;
  readonly pidNamespace: number;
  readonly mountNamespace: number;
}

/** Where processes come from that were there before us, or whose beginning was lost. */
export interface ProcessSource {
  /** A process, or undefined when it is gone. */
  read(pid: number): ProcessFacts | undefined;
  /** Every process there is. */
  pids(): readonly number[];
}
