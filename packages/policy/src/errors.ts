/** Codes of everything that this package throws. What a reader of policies is expected to meet is a {@link Problem}. */
export type PolicyErrorCode =
  /** A glob or regular expression that cannot be read. */
  | 'MALFORMED_PATTERN'
  /** An exec does not have as many links as were asked for. */
  | 'NO_SUCH_LINK';

/** Thrown when the package is handed something that `loadPolicies` would not have let through. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
