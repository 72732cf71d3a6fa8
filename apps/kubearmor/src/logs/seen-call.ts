import { CALLS, type VisibilityKind } from '@kubearmor/monitor';
import type { LogCall, LogOperation } from '@kubearmor/telemetry';

/** Which system call a log tells of, and as a part of what it is watched. */
export interface SeenCall {
  /** `unlinkat`; undefined for what is no system call. */
  readonly name: string | undefined;
  readonly kind: VisibilityKind;
}

const KINDS: Readonly<Record<LogOperation, VisibilityKind>> = {
  Process: 'process',
  File: 'file',
  Network: 'network',
  Capabilities: 'capabilities',
  Syscall: 'capabilities',
  Device: 'capabilities',
};
const KIND_OF_CALL: ReadonlyMap<string, VisibilityKind> = new Map(
  CALLS.map(({ name, group }) => [name, group]),
);
const SYSCALL = /^syscall=SYS_(\w+)/u;

// Most logs share the object of their call with many others.
const known = new WeakMap<LogCall, SeenCall>();

/** The call behind a log's words. */
export function seenCall(call: LogCall): SeenCall {
  const seen = known.get(call) ?? parse(call);
  known.set(call, seen);
  return seen;
}

/** As a part of what a system call is watched; undefined for one that is not seen. */
export function kindOfCall(name: string): VisibilityKind | undefined {
  return KIND_OF_CALL.get(name);
}

function parse({ Data, Operation }: LogCall): SeenCall {
  const name = SYSCALL.exec(Data)?.[1]?.toLowerCase();
  const kind = name === undefined ? undefined : KIND_OF_CALL.get(name);
  return { name, kind: kind ?? KINDS[Operation] };
}
