/** What a {@link KarmorError} can be. Codes are permanent. */
export type KarmorErrorCode =
  /** The command line is not one of ours. */
  | 'USAGE_INVALID'
  /** The agent's answer is not what it should be. */
  | 'ANSWER_MALFORMED';

/** A failure of the command line itself. */
export class KarmorError extends Error {
  override readonly name = 'KarmorError';
  readonly code: KarmorErrorCode;

  constructor(code: KarmorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
