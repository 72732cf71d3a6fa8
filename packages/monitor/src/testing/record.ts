import { EVENT_AT, FLAG, KIND, MAX_TEXTS, PROCESS_AT, SIZES } from '../record/layout.js';
import type { RingBatch } from '@kubearmor/kernel';

/** What a record of a test says; all else is 0. */
export interface RecordFields {
  readonly timeNs?: bigint;
  readonly startNs?: bigint;
  readonly workload?: number;
  readonly kind?: number;
  readonly flags?: number;
  readonly call?: number;
  readonly pid?: number;
  readonly parent?: number;
  readonly uid?: number;
  readonly result?: number;
  readonly args?: readonly number[];
  readonly texts?: readonly (string | Uint8Array)[];
}

/** What a fork or an exec says besides. */
export interface ProcessFields {
  readonly parentStartNs?: bigint;
  readonly pidNamespace?: number;
  readonly mountNamespace?: number;
  readonly innerPid?: number;
  readonly innerParent?: number;
  /** A `struct monitor_hash`. */
  readonly hash?: Uint8Array;
}

const HEADER = 8;

/** A record as the kernel's side writes it. */
export function encodeRecord(fields: RecordFields): Buffer {
  const texts = (fields.texts ?? []).map((text) => Buffer.from(text));
  const bytes = Buffer.alloc(SIZES.monitor_event);
  bytes.writeBigUInt64LE(fields.timeNs ?? 0n, EVENT_AT.time_ns);
  bytes.writeBigUInt64LE(fields.startNs ?? 0n, EVENT_AT.start_ns);
  bytes.writeUInt32LE(fields.workload ?? 0, EVENT_AT.workload);
  bytes.writeUInt8(fields.kind ?? 0, EVENT_AT.kind);
  bytes.writeUInt8(fields.flags ?? 0, EVENT_AT.flags);
  bytes.writeUInt16LE(fields.call ?? 0, EVENT_AT.call);
  bytes.writeUInt32LE(fields.pid ?? 0, EVENT_AT.pid);
  bytes.writeUInt32LE(fields.parent ?? 0, EVENT_AT.parent);
  bytes.writeUInt32LE(fields.uid ?? 0, EVENT_AT.uid);
  bytes.writeInt32LE(fields.result ?? 0, EVENT_AT.result);
  (fields.args ?? []).forEach((value, index) => bytes.writeUInt32LE(value >>> 0, EVENT_AT.args + 4 * index));
  texts.slice(0, MAX_TEXTS).forEach((text, slot) => {
    bytes.writeUInt16LE(text.length, EVENT_AT.lengths + 2 * slot);
  });
  return Buffer.concat([bytes, ...texts]);
}

/** The first text of a fork or an exec. */
export function encodeProcess(fields: ProcessFields): Uint8Array {
  const bytes = Buffer.alloc(fields.hash === undefined ? PROCESS_AT.hash : SIZES.monitor_process);
  bytes.writeBigUInt64LE(fields.parentStartNs ?? 0n, PROCESS_AT.parent_start_ns);
  bytes.writeUInt32LE(fields.pidNamespace ?? 0, PROCESS_AT.pid_namespace);
  bytes.writeUInt32LE(fields.mountNamespace ?? 0, PROCESS_AT.mount_namespace);
  bytes.writeUInt32LE(fields.innerPid ?? 0, PROCESS_AT.inner_pid);
  bytes.writeUInt32LE(fields.innerParent ?? 0, PROCESS_AT.inner_parent);
  if (fields.hash !== undefined) bytes.set(fields.hash, PROCESS_AT.hash);
  return bytes;
}

/** A fork's record. */
export function encodeFork(fields: RecordFields, process: ProcessFields = {}): Buffer {
  return encodeRecord({ flags: FLAG.internal, ...fields, kind: KIND.fork, texts: [encodeProcess(process)] });
}

/** An exec's record. */
export function encodeExec(
  fields: RecordFields,
  texts: {
    readonly path: string;
    readonly argv: readonly string[];
    readonly cwd?: string;
    readonly tty?: string;
    readonly requested?: string;
  },
  process: ProcessFields = {},
): Buffer {
  const { path, argv, cwd = '/', tty = '', requested = path } = texts;
  const block = argv.map((argument) => `${argument}\0`).join('');
  return encodeRecord({
    flags: FLAG.resolved,
    ...fields,
    kind: KIND.exec,
    texts: [encodeProcess(process), path, block, cwd, tty, requested],
  });
}

/** An exit's record. */
export function encodeExit(fields: RecordFields): Buffer {
  return encodeRecord({ flags: FLAG.internal, ...fields, kind: KIND.exit });
}

/** Records as the ring's thread hands them over. */
export function toBatch(records: readonly Uint8Array[]): RingBatch {
  const parts = records.map((record) => {
    const part = Buffer.alloc((HEADER + record.length + 7) & ~7);
    part.writeUInt32LE(record.length, 0);
    part.set(record, HEADER);
    return part;
  });
  return { buffer: new Uint8Array(Buffer.concat(parts)).buffer, recordCount: records.length };
}
