/** Codes of everything that this package throws. */
export type TestkitErrorCode =
  /** A file of the corpus cannot be read. */
  | 'CORPUS_UNREADABLE'
  /** A file of the corpus does not have the format of the corpus. */
  | 'CORPUS_INVALID'
  /** The root that a group describes cannot be built. */
  | 'ROOT_INVALID'
  /** An operation is about a file that the root does not have. */
  | 'NO_SUCH_FILE'
  /** A policy of the corpus does not load. */
  | 'POLICY_INVALID';

/** Thrown when the corpus, or a root that it describes, cannot be used. */
export class TestkitError extends Error {
  override readonly name = 'TestkitError';
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
