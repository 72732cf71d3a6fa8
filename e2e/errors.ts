/** What can go wrong in the end-to-end tests themselves. */
export type E2eErrorCode =
  /** The tests need root, and what `make build` makes. */
  | 'E2E_NOT_READY'
  /** An agent did not start, or did not do in time what was asked. */
  | 'E2E_AGENT'
  /** A scope did not start, or said something unexpected. */
  | 'E2E_SCOPE';

/** A failure of the end-to-end tests themselves, not of what they test. */
export class E2eError extends Error {
  override readonly name = 'E2eError';
  readonly code: E2eErrorCode;

  constructor(code: E2eErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
