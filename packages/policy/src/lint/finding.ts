/** What `lint` may find. */
export type FindingCode =
  /** A rule names one of many names of a program: it counts for that name, and the program itself stays as it is. */
  | 'MULTI_CALL_NAME'
  /** A source is one of many names of a program, which is what asks: it never matches. */
  | 'MULTI_CALL_SOURCE'
  /** A source that the workload may write, or load a library into, stands for whoever does so. */
  | 'SOURCE_WRITABLE'
  /** A program that may be executed may not be read, so that it cannot start. */
  | 'PROGRAM_NOT_READABLE'
  /** An allow list of files has no ELF loader: dynamically linked programs cannot start. */
  | 'LOADER_NOT_READABLE'
  /** A rule about system calls names none. */
  | 'NO_SYSCALLS';

/** Something about a rule that its author may not expect. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: 'info' | 'warning';
  readonly code: FindingCode;
  readonly message: string;
}
