/** Codes of everything that this package throws. */
export type TestkitErrorCode =
  'CORPUS_UNREADABLE' | 'CORPUS_INVALID' | 'ROOT_INVALID' | 'NO_SUCH_FILE' | 'POLICY_INVALID';

/** Thrown when the corpus, or a root that it describes, cannot be used. */
export class TestkitError extends Error {
  override readonly name = 'TestkitError';
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
