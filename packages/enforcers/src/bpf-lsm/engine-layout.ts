import { SIZES } from './layout.js';

/** The shapes that bpf/include/engine.h shares with user space; engine-layout.test.ts compares them with the object's BTF. */

/** Sizes of the shared structs in bytes. */
export const ENGINE_SIZES = {
  engine_workload: 24,
  engine_label: 32,
  engine_event: 88,
  engine_executable: 4104,
} as const;

/** Size of the ring of alerts in bytes. */
export const RING_BYTES: number = 4 * 1024 * 1024;

/** `enum engine_on_error`. */
export const ON_ERROR = { process: 1, file: 2, network: 4, capabilities: 8 } as const;

/** `enum engine_kind`. */
export const ENGINE_KIND = { file: 1, process: 2, network: 4, capabilities: 8, sources: 16 } as const;

/** `enum engine_counter`. */
export const ENGINE_COUNTER = {
  alerted: 0,
  denied: 1,
  lost: 2,
  undetermined: 3,
  labelLost: 4,
  executableLost: 5,
} as const;

/** `enum engine_event_kind`. */
export const ENGINE_EVENT = { file: 1, exec: 2, socket: 3, capability: 4 } as const;

/** The rule of what could not be determined. */
export const RULE_ERROR = 0x3fff_fffd;

/** `struct engine_workload`. */
export interface EngineWorkload {
  readonly set: number;
  readonly generation: number;
  /** Bits of {@link ENGINE_KIND}. */
  readonly kinds: number;
  /** Bits of {@link ON_ERROR}. */
  readonly denyOnError: number;
  readonly isAudited: boolean;
}

/** Encodes a `struct engine_workload`. */
export function encodeEngineWorkload(workload: EngineWorkload): Uint8Array {
  const { set, generation, kinds, denyOnError, isAudited } = workload;
  return new Uint8Array(Uint32Array.of(set, generation, kinds, denyOnError, isAudited ? 1 : 0, 0).buffer);
}

/** Encodes the `struct engine_label` of a task whose sources the kernel is to work out when it asks for something. */
export function encodeEngineLabel(workload: number, exe: bigint, parentExe: bigint): Uint8Array {
  const bytes = new Uint8Array(ENGINE_SIZES.engine_label);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, workload, true);
  view.setBigUint64(16, exe, true);
  view.setBigUint64(24, parentExe, true);
  return bytes;
}

/** Encodes a `struct engine_executable`. */
export function encodeExecutable(path: string): Uint8Array {
  const bytes = new Uint8Array(ENGINE_SIZES.engine_executable);
  const text = Buffer.from(path);
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text.subarray(0, SIZES.match_text - 8), 8);
  return bytes;
}

/** One alert of the kernel: `struct engine_event`. */
export interface EngineEvent {
  readonly timeNs: bigint;
  readonly exe: bigint;
  readonly parentExe: bigint;
  readonly kind: number;
  readonly workload: number;
  readonly generation: number;
  /** Place of the rule in the rule set, or what stands for one. */
  readonly rule: number;
  readonly isDenied: boolean;
  readonly tid: number;
  readonly tgid: number;
  readonly uid: number;
  readonly isWrite: boolean;
  readonly hasTty: boolean;
  readonly numbers: readonly [number, number, number];
  readonly path: string;
}

/** Decodes an event at an offset. */
export function decodeEngineEvent(view: DataView, at: number): EngineEvent {
  const u32 = (offset: number): number => view.getUint32(at + offset, true);
  const length = u32(84);
  return {
    timeNs: view.getBigUint64(at, true),
    exe: view.getBigUint64(at + 8, true),
    parentExe: view.getBigUint64(at + 16, true),
    kind: u32(24),
    workload: u32(28),
    generation: u32(32),
    rule: u32(36),
    isDenied: u32(40) !== 0,
    tid: u32(44),
    tgid: u32(48),
    uid: u32(52),
    isWrite: u32(56) !== 0,
    hasTty: u32(60) !== 0,
    numbers: [u32(64), u32(68), u32(72)],
    path: Buffer.from(view.buffer, view.byteOffset + at + ENGINE_SIZES.engine_event, length).toString('utf8'),
  };
}
