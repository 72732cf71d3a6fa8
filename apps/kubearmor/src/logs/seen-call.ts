import { CALLS, type VisibilityKind } from '@kubearmor/monitor';
import type { LogCall, LogOperation } from '@kubearmor/telemetry';

/** What a log tells of, and as a part of what it is watched. */
export interface SeenCall {
  /** The system call, such as `unlinkat`; undefined for what is none. */
  readonly name: string | undefined;
  /** The name that a name server is asked for; undefined for all else. */
  readonly domain: string | undefined;
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
const QUESTION = /^kfunc=UDP_SENDSKB domain=(\S*)/u;

// Most logs share the object of their call with many others.
const known = new WeakMap<LogCall, SeenCall>();

/** What is behind a log's words. */
export function seenCall(call: LogCall): SeenCall {
  const seen = known.get(call) ?? parse(call);
  known.set(call, seen);
  return seen;
}

/** As a part of what a system call is watched; undefined for one that is not seen. */
export function kindOfCall(name: string): VisibilityKind | undefined {
  return KIND_OF_CALL.get(name);
}

function parse({ Data, Operation, syscall }: LogCall): SeenCall {
  const domain = QUESTION.exec(Data)?.[1];
  if (domain !== undefined) return { name: undefined, domain, kind: 'dns' };
  const name = syscall ?? SYSCALL.exec(Data)?.[1]?.toLowerCase();
  const kind = name === undefined ? undefined : KIND_OF_CALL.get(name);
  return { name, domain, kind: kind ?? KINDS[Operation] };
}
