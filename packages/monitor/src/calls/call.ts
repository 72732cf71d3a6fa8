import type { SyscallName } from '@kubearmor/kernel';
import type { LogCall } from '@kubearmor/telemetry';
import type { ProcessNode } from '../process/process-node.js';
import type { ProcessTree } from '../process/process-tree.js';
import type { EventView } from '../record/event-view.js';
import type { CALL_FLAG, PAYLOAD, TEXT } from '../record/layout.js';
import type { VisibilityKind } from '../visibility.js';
import type { CallCache } from './call-cache.js';

/** What a call's words are made from. */
export interface CallContext {
  readonly event: EventView;
  readonly process: ProcessNode;
  readonly tree: ProcessTree;
  readonly calls: CallCache;
}

/** A call in KubeArmor's words. */
export interface CallWords {
  readonly call: LogCall;
  readonly Resource: string;
}

/** One text of a record: how it is made, and from which argument. */
export type TextSource = readonly [source: Exclude<keyof typeof TEXT, 'none'>, argument: number];

/** A system call that is watched: what the kernel's side collects of it, and what it is told as. */
export interface CallDescription {
  readonly name: SyscallName;
  /** Other names of the same call on some architecture. By default none. */
  readonly aliases?: readonly SyscallName[];
  readonly group: VisibilityKind;
  /** By default none. */
  readonly flags?: readonly (keyof typeof CALL_FLAG)[];
  /** The arguments that are numbers, at most three, by their index. By default none. */
  readonly args?: readonly number[];
  /** At most six. By default none. */
  readonly texts?: readonly TextSource[];
  /** Where a call that sends has what it sends: with `dns` visibility it is told when it asks a name server. */
  readonly payload?: Exclude<keyof typeof PAYLOAD, 'none'>;
  /** Takes in what the call changes about the process. By default nothing. */
  readonly follow?: (context: CallContext) => void;
  /** Words the call; undefined where it is not told. Absent for calls that are only followed. */
  readonly word?: (context: CallContext) => CallWords | undefined;
}
