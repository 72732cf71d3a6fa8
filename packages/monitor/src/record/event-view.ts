import { readFileHash, type FileHash } from './file-hash.js';
import { EVENT_AT, EXEC_TEXT, FLAG, MAX_TEXTS, PEER_AT, PROCESS_AT, SIZES } from './layout.js';
import { addressText, decodeSocketAddress, type SocketAddress } from './socket-address.js';

const AF_INET = 2;
const AF_INET6 = 10;
const HIGH_WORD = 0x1_0000_0000;

/** The other side of an IP socket, as the kernel had it. */
export interface Peer {
  readonly family: number;
  readonly protocol: number;
  readonly localPort: number;
  readonly remotePort: number;
  readonly address: string;
}

/**
 * One record of the monitor's ring, decoded where it lies and only as far as it is asked. The view is used again for the
 * next record: what is to be kept has to be taken out of it.
 */
export class EventView {
  #view: DataView = new DataView(new ArrayBuffer(SIZES.monitor_event));
  #bytes: Buffer = Buffer.from(this.#view.buffer);
  #at = 0;

  /** Points the view at a record; false where it is too short to be one. */
  reset(view: DataView, offset: number, length: number): boolean {
    if (length < SIZES.monitor_event) return false;
    if (view !== this.#view) {
      this.#view = view;
      this.#bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    }
    this.#at = offset;
    return SIZES.monitor_event + this.#textBytes() <= length;
  }

  /** When it happened, by the kernel's monotonic clock; exact for the first 104 days after boot, then to 2 ns. */
  get timeNs(): number {
    return this.#u64(this.#at + EVENT_AT.time_ns);
  }
  /** When the process started, by the clock that runs through suspend. */
  get startNs(): number {
    return this.#u64(this.#at + EVENT_AT.start_ns);
  }
  get workload(): number {
    return this.#view.getUint32(this.#at + EVENT_AT.workload, true);
  }
  get kind(): number {
    return this.#view.getUint8(this.#at + EVENT_AT.kind);
  }
  get flags(): number {
    return this.#view.getUint8(this.#at + EVENT_AT.flags);
  }
  /** The number of the call in the table of calls, from 1. */
  get call(): number {
    return this.#view.getUint16(this.#at + EVENT_AT.call, true);
  }
  /** The process's id as the host sees it. */
  get pid(): number {
    return this.#view.getUint32(this.#at + EVENT_AT.pid, true);
  }
  /** For a fork the process that made this one, else its parent at the moment. */
  get parent(): number {
    return this.#view.getUint32(this.#at + EVENT_AT.parent, true);
  }
  get uid(): number {
    return this.#view.getUint32(this.#at + EVENT_AT.uid, true);
  }
  /** What the call returned: -errno where it failed. Of an exit the status as wait(2) has it. */
  get result(): number {
    return this.#view.getInt32(this.#at + EVENT_AT.result, true);
  }
  /** Whether the first path is the kernel's and not the caller's. */
  get isResolved(): boolean {
    return (this.flags & FLAG.resolved) !== 0;
  }
  /** Whether it is told only for the sake of what comes after it. */
  get isInternal(): boolean {
    return (this.flags & FLAG.internal) !== 0;
  }

  /** A number that the call was given, unsigned. */
  arg(index: number): number {
    return this.#view.getUint32(this.#at + EVENT_AT.args + 4 * index, true);
  }

  /** A number that the call was given, signed: a descriptor, a user id of -1. */
  signedArg(index: number): number {
    return this.#view.getInt32(this.#at + EVENT_AT.args + 4 * index, true);
  }

  /** The length of a text in bytes. */
  textBytes(slot: number): number {
    return this.#view.getUint16(this.#at + EVENT_AT.lengths + 2 * slot, true);
  }

  /** A text; empty where there is none. */
  text(slot: number): string {
    const length = this.textBytes(slot);
    if (length === 0) return '';
    const start = this.#textAt(slot);
    return this.#bytes.toString('utf8', start, start + length);
  }

  /** The bytes of a text, each as one character: to tell texts apart that are none. */
  raw(slot: number): string {
    const start = this.#textAt(slot);
    return this.#bytes.toString('latin1', start, start + this.textBytes(slot));
  }

  /** The strings of a text that are each ended by a zero. */
  strings(slot: number): readonly string[] {
    const text = this.text(slot);
    if (text === '') return [];
    return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
  }

  /** A socket address as the caller gave it; undefined where there is none. */
  address(slot: number): SocketAddress | undefined {
    const start = this.#textAt(slot);
    return decodeSocketAddress(this.#bytes.subarray(start, start + this.textBytes(slot)));
  }

  /** A text that is none. Valid only as long as the view. */
  bytes(slot: number): Uint8Array {
    const start = this.#textAt(slot);
    return this.#bytes.subarray(start, start + this.textBytes(slot));
  }

  /** The other side of an IP socket, as the kernel has it; undefined where the socket is of another family. */
  peer(slot: number): Peer | undefined {
    return this.isResolved ? this.server(slot) : undefined;
  }

  /** Whom a message goes to: the socket's other side, or whom the caller names. */
  server(slot: number): Peer | undefined {
    if (this.textBytes(slot) !== SIZES.monitor_peer) return undefined;
    const at = this.#textAt(slot);
    const family = this.#bytes.readUInt16LE(at + PEER_AT.family);
    if (family !== AF_INET && family !== AF_INET6) return undefined;
    return {
      family,
      protocol: this.#bytes.readUInt16LE(at + PEER_AT.protocol),
      localPort: this.#bytes.readUInt16LE(at + PEER_AT.local_port),
      remotePort: this.#bytes.readUInt16LE(at + PEER_AT.remote_port),
      address: addressText(family, this.#bytes, at + PEER_AT.address),
    };
  }

  /** When the parent of a fork or an exec started. */
  get parentStartNs(): number {
    return this.#u64(this.#at + SIZES.monitor_event + PROCESS_AT.parent_start_ns);
  }
  /** The pid namespace of a fork or an exec, by its inode. */
  get pidNamespace(): number {
    return this.#processWord(PROCESS_AT.pid_namespace);
  }
  /** The mount namespace of a fork or an exec, by its inode. */
  get mountNamespace(): number {
    return this.#processWord(PROCESS_AT.mount_namespace);
  }
  /** The id that the process of a fork or an exec has in its own pid namespace. */
  get innerPid(): number {
    return this.#processWord(PROCESS_AT.inner_pid);
  }
  /** The id that its parent has in its own. */
  get innerParent(): number {
    return this.#processWord(PROCESS_AT.inner_parent);
  }

  /** The hash of the file that an exec runs; undefined where the kernel has made none. */
  get hash(): FileHash | undefined {
    if (this.textBytes(EXEC_TEXT.process) < SIZES.monitor_process) return undefined;
    const at = this.#at + SIZES.monitor_event + PROCESS_AT.hash;
    return readFileHash(this.#bytes.subarray(at, at + SIZES.monitor_hash));
  }

  #processWord(offset: number): number {
    return this.#view.getUint32(this.#at + SIZES.monitor_event + offset, true);
  }

  #u64(at: number): number {
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * HIGH_WORD;
  }

  #textAt(slot: number): number {
    let at = this.#at + SIZES.monitor_event;
    for (let before = 0; before < slot; before++) at += this.textBytes(before);
    return at;
  }

  #textBytes(): number {
    return this.#textAt(MAX_TEXTS) - this.#at - SIZES.monitor_event;
  }
}
