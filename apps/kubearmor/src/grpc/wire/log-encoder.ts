import {
  eventWords,
  type LogCall,
  type LogEvent,
  type LogNode,
  type LogProcess,
  type LogWorkload,
} from '@kubearmor/telemetry';
import type { Encoder } from './encoder.js';
import type { FrameWriter } from './frame-writer.js';
import { TimePiece } from './time-piece.js';
import { FIXED_BYTES, maxEntriesBytes, maxTextBytes, roomFor } from './room.js';
import { maxTextFieldBytes, WireWriter } from './wire-writer.js';

/** The numbers of `feeder.Log`. */
const LOG = {
  ClusterName: 3,
  HostName: 4,
  NamespaceName: 5,
  PodName: 6,
  ContainerID: 7,
  ContainerName: 8,
  HostPID: 9,
  PPID: 10,
  PID: 11,
  UID: 12,
  Type: 13,
  Source: 14,
  Operation: 15,
  Resource: 16,
  Data: 17,
  Result: 18,
  ContainerImage: 19,
  ParentProcessName: 20,
  ProcessName: 21,
  HostPPID: 22,
  Labels: 23,
  Owner: 24,
  Cwd: 25,
  TTY: 26,
  ExecEvent: 27,
  NodeID: 28,
  ProcessHash: 29,
  ParentHash: 30,
  ResourceHash: 31,
  HashAlgo: 32,
  EventData: 33,
  UserName: 34,
} as const;

const MAX_RESOURCES = 4096;
const NO_BYTES = Buffer.alloc(0);

interface ProcessPiece {
  readonly workload: LogWorkload;
  /** The fields of the process and, before them, those of its workload. */
  readonly bytes: Buffer;
}

/**
 * Encodes logs from pieces: the fields of a workload, of a process and of a call are encoded once and then copied, since
 * protobuf messages that are written one behind the other merge.
 */
export class LogEncoder implements Encoder<LogEvent> {
  readonly #node: LogNode;
  readonly #time = new TimePiece();
  readonly #workloads = new WeakMap<LogWorkload, Buffer>();
  readonly #processes = new WeakMap<LogProcess, ProcessPiece>();
  readonly #calls = new WeakMap<LogCall, Buffer>();
  readonly #resources = new Map<string, Buffer>();

  constructor(node: LogNode) {
    this.#node = node;
  }

  encode(event: LogEvent, frames: FrameWriter): boolean {
    const process = this.#processPiece(event);
    const call = this.#callPiece(event.call);
    const words = event.call.Operation === 'Network' ? this.#wordsPiece(event.Resource) : NO_BYTES;
    frames.begin(FIXED_BYTES + process.length + call.length + words.length + maxBytesOf(event));
    const { wire } = frames;
    wire.piece(this.#time.at(event.atUs));
    wire.piece(process);
    wire.piece(call);
    wire.text(LOG.Resource, event.Resource);
    if (event.Source !== undefined) wire.presentText(LOG.Source, event.Source);
    wire.text(LOG.ResourceHash, event.ResourceHash);
    wire.piece(words);
    return frames.end(this.workloadOf(event));
  }

  workloadOf({ workload: { ContainerID = '' } }: LogEvent): string {
    return ContainerID;
  }

  #processPiece({ process, workload }: LogEvent): Buffer {
    const known = this.#processes.get(process);
    if (known?.workload === workload) return known.bytes;
    const own = encodeProcess(process);
    const bytes = Buffer.concat([this.#workloadPiece(workload), own]);
    this.#processes.set(process, { workload, bytes });
    return bytes;
  }

  #workloadPiece(workload: LogWorkload): Buffer {
    const known = this.#workloads.get(workload);
    if (known !== undefined) return known;
    const bytes = encodeWorkload(workload, this.#node);
    this.#workloads.set(workload, bytes);
    return bytes;
  }

  #callPiece(call: LogCall): Buffer {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const bytes = encodeCall(call);
    this.#calls.set(call, bytes);
    return bytes;
  }

  // Of a socket or an address, which come again and again.
  #wordsPiece(resource: string): Buffer {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const bytes = encodeWords(eventWords({ Operation: 'Network', Resource: resource }));
    if (this.#resources.size >= MAX_RESOURCES) this.#resources.clear();
    this.#resources.set(resource, bytes);
    return bytes;
  }
}

function encodeWords(words: readonly (readonly [string, string])[]): Buffer {
  const wire = new WireWriter(Buffer.allocUnsafe(maxEntriesBytes(words)));
  for (const [key, value] of words) wire.mapEntry(LOG.EventData, key, value);
  return Buffer.from(wire.written());
}

function maxBytesOf(event: LogEvent): number {
  let bytes = maxTextFieldBytes(event.Resource);
  if (event.Source !== undefined) bytes += maxTextFieldBytes(event.Source);
  if (event.ResourceHash !== undefined) bytes += maxTextFieldBytes(event.ResourceHash);
  return bytes;
}

function encodeWorkload(workload: LogWorkload, node: LogNode): Buffer {
  const wire = roomFor([workload, node]);
  wire.text(LOG.ClusterName, node.ClusterName);
  wire.text(LOG.HostName, node.HostName);
  wire.text(LOG.NodeID, node.NodeID);
  wire.text(LOG.Type, workload.Type);
  wire.text(LOG.NamespaceName, workload.NamespaceName);
  wire.text(LOG.PodName, workload.PodName);
  wire.text(LOG.Labels, workload.Labels);
  wire.text(LOG.ContainerID, workload.ContainerID);
  wire.text(LOG.ContainerName, workload.ContainerName);
  wire.text(LOG.ContainerImage, workload.ContainerImage);
  const { Ref, Name, Namespace } = workload.Owner ?? {};
  wire.textsMessage(LOG.Owner, [Ref, Name, Namespace]);
  return Buffer.from(wire.written());
}

function encodeProcess(process: LogProcess): Buffer {
  const wire = roomFor(process);
  wire.int32(LOG.HostPID, process.HostPID);
  wire.int32(LOG.PPID, process.PPID);
  wire.int32(LOG.PID, process.PID);
  wire.int32(LOG.UID, process.UID);
  wire.int32(LOG.HostPPID, process.HostPPID);
  wire.text(LOG.ParentProcessName, process.ParentProcessName);
  wire.text(LOG.ProcessName, process.ProcessName);
  wire.text(LOG.Source, process.Source);
  wire.text(LOG.Cwd, process.Cwd);
  wire.text(LOG.TTY, process.TTY);
  wire.textsMessage(LOG.ExecEvent, [process.ExecEvent?.ExecID, process.ExecEvent?.ExecutableName]);
  wire.text(LOG.ProcessHash, process.ProcessHash);
  wire.text(LOG.ParentHash, process.ParentHash);
  wire.text(LOG.HashAlgo, process.HashAlgo);
  wire.text(LOG.UserName, process.UserName);
  return Buffer.from(wire.written());
}

function encodeCall(call: LogCall): Buffer {
  const { Operation, Data, Marks } = call;
  const words = eventWords({ Operation, Data, ...(Marks === undefined ? {} : { Marks }) });
  const bytes = FIXED_BYTES + maxTextBytes(call) + maxEntriesBytes(words);
  const wire = new WireWriter(Buffer.allocUnsafe(bytes));
  wire.text(LOG.Operation, Operation);
  wire.text(LOG.Data, Data);
  wire.text(LOG.Result, call.Result);
  for (const [key, value] of words) wire.mapEntry(LOG.EventData, key, value);
  return Buffer.from(wire.written());
}
