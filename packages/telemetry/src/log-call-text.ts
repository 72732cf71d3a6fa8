import type { LogOperation } from './log.js';
import { mountFlagsText, ptraceRequestName, umountFlagsText } from './log-flag-names.js';
import { oneWord } from './one-word.js';
import { operationText, type OperationFacts } from './operation-text.js';
import { socketFamilyName } from './socket-names.js';

/** What happened, for a log: what an alert can tell of, and what only logs tell of. */
export type LogFacts =
  | OperationFacts
  /** A change of a file's name: rename, link, symlink and their like; `path` is the one that was there. */
  | { readonly kind: 'name'; readonly call: string; readonly path: string; readonly target: string }
  | { readonly kind: 'set-id'; readonly call: 'setuid' | 'setgid'; readonly id: number }
  | {
      readonly kind: 'mount';
      readonly source: string;
      readonly target: string;
      readonly filesystem: string;
      readonly flags: number;
      readonly data: string;
    }
  | { readonly kind: 'umount'; readonly target: string; readonly flags: number }
  /** `executable` is that of the process that is traced. */
  | { readonly kind: 'ptrace'; readonly request: number; readonly pid: number; readonly executable: string }
  /** A TCP connection that was made or taken, as the kernel saw it. */
  | {
      readonly kind: 'tcp';
      readonly way: 'connect' | 'accept';
      readonly family: number;
      readonly address: string;
      readonly port: number;
    }
  | {
      readonly kind: 'dns';
      readonly family: number;
      readonly domain: string;
      readonly server: string;
      readonly port: number;
      /** `A`, `AAAA`, or empty. */
      readonly queryType: string;
    };

/** The fields of a log that say what happened. */
export interface LogText {
  readonly Operation: LogOperation;
  readonly Resource: string;
  readonly Data: string;
}

const AF_INET6 = 10;

/** Words an operation for a log as KubeArmor does. */
export function logText(facts: LogFacts): LogText {
  switch (facts.kind) {
    case 'process':
    case 'file':
    case 'network':
    case 'capabilities':
      return operationText(facts);
    case 'name': {
      const Data = `syscall=SYS_${facts.call.toUpperCase()} target=${oneWord(facts.target)}`;
      return { Operation: 'File', Resource: facts.path.toWellFormed(), Data };
    }
    // KubeArmor calls the group userid, too, and clients know it so.
    case 'set-id':
      return syscallText(`SYS_${facts.call.toUpperCase()} userid=${facts.id}`);
    case 'mount':
      return syscallText(mountText(facts));
    case 'umount':
      return syscallText(`SYS_UMOUNT2 target=${oneWord(facts.target)} flag=${umountFlagsText(facts.flags)}`);
    case 'ptrace':
      return ptraceText(facts);
    case 'tcp':
      return tcpText(facts);
    case 'dns':
      return dnsText(facts);
  }
}

function syscallText(call: string): LogText {
  return { Operation: 'Syscall', Resource: '', Data: `syscall=${call}` };
}

function mountText(facts: Extract<LogFacts, { kind: 'mount' }>): string {
  const { source, target, filesystem, flags, data } = facts;
  return (
    `SYS_MOUNT source=${oneWord(source)} target=${oneWord(target)} filesystem=${oneWord(filesystem)} ` +
    `mountflag=${mountFlagsText(flags)} data=${oneWord(data)}`
  );
}

function ptraceText({ request, pid, executable }: Extract<LogFacts, { kind: 'ptrace' }>): LogText {
  const Resource = executable.toWellFormed();
  const Data = `syscall=SYS_PTRACE request=${ptraceRequestName(request)} pid=${pid} process=${oneWord(executable)}`;
  return { Operation: 'Process', Resource, Data };
}

function tcpText({ way, family, address, port }: Extract<LogFacts, { kind: 'tcp' }>): LogText {
  const protocol = family === AF_INET6 ? 'TCPv6' : 'TCP';
  return {
    Operation: 'Network',
    Resource: `remoteip=${address} port=${port} protocol=${protocol}`,
    Data: `kprobe=tcp_${way} domain=${socketFamilyName(family)}`,
  };
}

function dnsText({ family, domain, server, port, queryType }: Extract<LogFacts, { kind: 'dns' }>): LogText {
  return {
    Operation: 'Network',
    Resource: `sa_family=${socketFamilyName(family)} sin_port=${port}`,
    Data: `kfunc=UDP_SENDSKB domain=${oneWord(domain)} daddr=${server} qtype=${queryType}`,
  };
}
