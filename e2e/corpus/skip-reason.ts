import type { CorpusCase, CorpusGroup, CorpusOperation, SocketRequest } from '@kubearmor/testkit';

const KERNEL_DIRECTORIES = ['/proc', '/sys', '/dev/pts'];

/** Why a case cannot be tried on the guard; undefined where it can. */
export function skipReason({ workload }: Pick<CorpusGroup, 'workload'>, one: CorpusCase): string | undefined {
  if (workload.kind !== 'scope' || workload.orchestrated) return `a scope cannot stand for a ${workload.kind}`;
  const [feature] = one.needs;
  if (feature !== undefined) return `not every kernel has ${feature} sockets`;
  return reasonOf(one.operation);
}

function reasonOf(operation: CorpusOperation): string | undefined {
  switch (operation.do) {
    case 'capability':
      return 'no program that can be loaded is asked about capabilities';
    case 'dns':
      return 'names in DNS queries are not read';
    case 'syscall':
      return 'system call rules need the monitor';
    case 'device':
      return 'USB devices are not handled';
    case 'preset':
      return 'presets need LSM programs';
    case 'socket':
    case 'connect':
    case 'bind':
    case 'listen':
    case 'send':
      return reasonOfSocket(operation);
    case 'open':
      if (operation.flags.includes('directory')) return 'opening a directory raises no event';
      return reasonOfPath(operation.path);
    case 'exec':
      return operation.path.startsWith('memfd:') ? 'executing a memfd raises no event' : undefined;
    case 'rename':
    case 'link':
      return reasonOfPath(operation.from) ?? reasonOfPath(operation.to);
    default:
      return reasonOfPath(operation.path);
  }
}

function reasonOfSocket({ do: call, family }: SocketRequest): string | undefined {
  if (family !== 'inet' && family !== 'inet6') return `sockets of the family ${family} are not seen`;
  return call === 'listen' ? 'listen is not seen' : undefined;
}

function reasonOfPath(path: string): string | undefined {
  const isKernels = KERNEL_DIRECTORIES.some((directory) => path === directory || path.startsWith(`${directory}/`));
  return isKernels ? 'files of the kernel raise no event' : undefined;
}
