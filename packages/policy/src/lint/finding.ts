/** What `lint` may find. */
export type FindingCode =
  | 'MULTI_CALL_NAME'
  | 'MULTI_CALL_SOURCE'
  | 'SOURCE_WRITABLE'
  | 'PROGRAM_NOT_READABLE'
  | 'LOADER_NOT_READABLE'
  | 'NO_SYSCALLS';

/** Something about a rule that its author may not expect. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: 'info' | 'warning';
  readonly code: FindingCode;
  readonly message: string;
}
