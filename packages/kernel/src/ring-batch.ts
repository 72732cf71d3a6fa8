/** Receives one record: `view` is the memory that holds it, valid only during the call and not to be written. */
export type RecordHandler = (view: DataView, offset: number, length: number) => void;

/** Bytes of a record before its payload: its length with two flags, then a word of the kernel's own. */
export const RECORD_HEADER_SIZE = 8;
/** Flag of a record that is still being written. */
export const RECORD_BUSY: number = 0x8000_0000 | 0;
/** Flag of a record that its writer gave up. */
export const RECORD_DISCARDED = 0x4000_0000;
const LENGTH_MASK = 0x3fff_ffff;

/** Records copied out of a ring as they lay there. */
export interface RingBatch {
  /** Headers and payloads, each record padded to eight bytes. Walk it with {@link forEachRecord}. */
  readonly buffer: ArrayBuffer;
  /** How much of the buffer they take. By default all. */
  readonly byteLength?: number;
  /** How many records there are, those not counted that were given up. */
  readonly recordCount: number;
}

/** The length of a record's payload, from its header. */
export function recordLength(header: number): number {
  return header & LENGTH_MASK;
}

/** The room that a record takes, from its header. */
export function recordSpan(header: number): number {
  return ((header & LENGTH_MASK) + RECORD_HEADER_SIZE + 7) & ~7;
}

/** Hands the records of a batch to a handler in their order. */
export function forEachRecord(batch: RingBatch, handler: RecordHandler): void {
  const view = new DataView(batch.buffer);
  const end = (batch.byteLength ?? view.byteLength) - RECORD_HEADER_SIZE;
  for (let offset = 0; offset <= end;) {
    const header = view.getInt32(offset, true);
    if ((header & RECORD_DISCARDED) === 0) handler(view, offset + RECORD_HEADER_SIZE, recordLength(header));
    offset += recordSpan(header);
  }
}
