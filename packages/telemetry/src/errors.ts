/** What a {@link TelemetryError} can be. Codes are permanent. */
export type TelemetryErrorCode =
  /** At least one sink could not write out what it holds. */
  | 'SINK_FLUSH_FAILED'
  /** At least one sink could not be closed; the others were. */
  | 'SINK_CLOSE_FAILED';

/** A failure of the way that alerts take. */
export class TelemetryError extends Error {
  override readonly name = 'TelemetryError';
  readonly code: TelemetryErrorCode;

  constructor(code: TelemetryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
