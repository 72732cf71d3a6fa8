/** What can go wrong in a benchmark. */
export type BenchErrorCode =
  /** libbpf cannot read a ring. */
  'RING_UNAVAILABLE';

/** A failure of a benchmark itself. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
