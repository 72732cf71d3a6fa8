/** What the thread that owns a ring is started with. */
export interface RingThreadData {
  readonly mapFd: number;
  readonly sizeBytes: number;
  readonly wakeFd: number;
  readonly maxBatchBytes: number;
  readonly maxInFlight: number;
  readonly pollTimeoutMs: number;
  readonly settleMs: number;
  /** Two Int32 shared by both sides, see {@link IN_FLIGHT} and {@link STOPPING}. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Index of the number of batches that were posted and not yet consumed. */
export const IN_FLIGHT = 0;
/** Index of the flag that asks the thread to end. */
export const STOPPING = 1;
