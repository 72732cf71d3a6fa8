import { oneWord } from './one-word.js';
import { openFlagsText } from './open-flags.js';
import { ipProtocolName, socketFamilyName, socketTypeName } from './socket-names.js';

/** By what an operation was seen: a system call with the arguments that KubeArmor prints for it, or a hook of the kernel. */
export type Trace =
  | {
      readonly kind: 'syscall';
      /** Without a prefix: `openat`. */
      readonly name: string;
      readonly fd?: number;
      /** The flags of an open. */
      readonly openFlags?: number;
      /** The flags of unlinkat(2) or execveat(2). */
      readonly atFlags?: number;
      readonly userId?: number;
      readonly groupId?: number;
      readonly mode?: number;
    }
  | {
      readonly kind: 'lsm';
      /** In KubeArmor's spelling: `FILE_OPEN`, `SECURITY_BPRM_CHECK`, `SOCKET_CREATE`, `CAPABLE`. */
      readonly hook: string;
    };

/** A socket as it was asked for, or an address that it was used with. */
export type NetworkObject =
  | { readonly kind: 'socket'; readonly family: number; readonly type: number; readonly protocol: number }
  /** An IPv4 or IPv6 address. */
  | { readonly kind: 'inet'; readonly family: number; readonly address: string; readonly port: number }
  /** A path, or `@` and a name in the abstract namespace. */
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'none' };

/** What happened, in numbers and names of the kernel. */
export type OperationFacts =
  | {
      readonly kind: 'process';
      readonly path: string;
      /** What follows argv[0]. */
      readonly args: readonly string[];
      readonly trace: Trace;
    }
  | { readonly kind: 'file'; readonly path: string; readonly trace: Trace }
  | { readonly kind: 'network'; readonly object: NetworkObject; readonly trace: Trace }
  /** `capability` with its prefix: `CAP_NET_RAW`. */
  | { readonly kind: 'capabilities'; readonly capability: string; readonly trace: Trace };

/** The fields of an alert that say what happened. */
export interface OperationText {
  readonly Operation: 'Process' | 'File' | 'Network' | 'Capabilities';
  readonly Resource: string;
  readonly Data: string;
}

/** Words an operation as KubeArmor does. */
export function operationText(facts: OperationFacts): OperationText {
  switch (facts.kind) {
    case 'process': {
      const Resource = [facts.path, ...facts.args].join(' ').toWellFormed();
      return { Operation: 'Process', Resource, Data: traceText(facts.trace) };
    }
    case 'file':
      return { Operation: 'File', Resource: facts.path.toWellFormed(), Data: traceText(facts.trace) };
    case 'network': {
      const Resource = networkText(facts.object);
      return { Operation: 'Network', Resource, Data: traceText(facts.trace, Resource) };
    }
    case 'capabilities': {
      const Resource = facts.capability;
      return { Operation: 'Capabilities', Resource, Data: traceText(facts.trace, Resource) };
    }
  }
}

function traceText(trace: Trace, lsmObject = ''): string {
  if (trace.kind === 'lsm') return lsmObject === '' ? `lsm=${trace.hook}` : `lsm=${trace.hook} ${lsmObject}`;
  const words = [`syscall=SYS_${trace.name.toUpperCase()}`];
  if (trace.fd !== undefined) words.push(`fd=${trace.fd}`);
  if (trace.openFlags !== undefined) words.push(`flags=${openFlagsText(trace.openFlags)}`);
  if (trace.atFlags !== undefined) words.push(atFlagsText(trace.name, trace.atFlags));
  if (trace.userId !== undefined) words.push(`userid=${trace.userId}`);
  if (trace.groupId !== undefined) words.push(`group=${trace.groupId}`);
  if (trace.mode !== undefined) words.push(`mode=${trace.mode}`);
  return words.join(' ');
}

const AT_REMOVEDIR = 0x200;
const AT_EMPTY_PATH = 0x1000;
const AT_SYMLINK_NOFOLLOW = 0x100;

function atFlagsText(syscall: string, flags: number): string {
  if (syscall === 'unlinkat') return `flags=${(flags & AT_REMOVEDIR) !== 0 ? 'AT_REMOVEDIR' : ''}`;
  const names: string[] = [];
  if ((flags & AT_EMPTY_PATH) !== 0) names.push('AT_EMPTY_PATH');
  if ((flags & AT_SYMLINK_NOFOLLOW) !== 0) names.push('AT_SYMLINK_NOFOLLOW');
  return `flag=${names.length === 0 ? '0' : names.join('|')}`;
}

function networkText(object: NetworkObject): string {
  switch (object.kind) {
    case 'socket': {
      const { family, type, protocol } = object;
      return `domain=${socketFamilyName(family)} type=${socketTypeName(type)} protocol=${ipProtocolName(protocol)}`;
    }
    case 'inet':
      return `sa_family=${socketFamilyName(object.family)} sin_port=${object.port} sin_addr=${object.address}`;
    case 'unix':
      return `sa_family=AF_UNIX sun_path=${oneWord(object.path)}`;
    case 'none':
      return '';
  }
}
