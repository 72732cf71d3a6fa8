/** What came of one case. */
export interface CaseResult {
  /** The group's name and the case's. */
  readonly name: string;
  /** `file:line`. */
  readonly where: string;
  readonly isAsExpected: boolean;
  /** In words; the same when it is as expected. */
  readonly expected: string;
  readonly got: string;
}
