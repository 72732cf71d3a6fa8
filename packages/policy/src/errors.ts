/** Codes of everything that this package throws. What a reader of policies is expected to meet is a {@link Problem}. */
export type PolicyErrorCode = 'MALFORMED_PATTERN' | 'NO_SUCH_LINK';

/** Thrown when the package is handed something that `loadPolicies` would not have let through. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
