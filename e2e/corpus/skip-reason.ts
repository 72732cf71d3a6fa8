import type { CorpusCase, CorpusGroup, CorpusOperation, SocketRequest } from '@kubearmor/testkit';

const KERNEL_DIRECTORIES = ['/proc', '/sys', '/dev/pts'];

/** Of a group what decides. */
export type SkippableGroup = Pick<CorpusGroup, 'workload' | 'policies' | 'root'>;

/** Why a case cannot be tried on the guard; undefined where it can. */
export function skipReason(group: SkippableGroup, one: CorpusCase): string | undefined {
  const { workload } = group;
  if (workload.kind !== 'scope' || workload.orchestrated) return `a scope cannot stand for a ${workload.kind}`;
  const [feature] = one.needs;
  if (feature !== undefined) return `not every kernel has ${feature} sockets`;
  return reasonOf(one.operation) ?? reasonOfRemoval(group, one.operation);
}

// What is only told of is looked at afterwards, when it is gone.
function reasonOfRemoval({ policies, root }: SkippableGroup, operation: CorpusOperation): string | undefined {
  if (operation.do !== 'unlink' && operation.do !== 'rmdir') return undefined;
  if (policies.includes('ownerOnly')) return 'whose file was removed is not known afterwards';
  const isOneOfSeveral = root.get(operation.path)?.kind === 'hardlink';
  return isOneOfSeveral ? 'which file a removed name was is not known afterwards' : undefined;
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
      return undefined;
    case 'rename':
    case 'link':
      return reasonOfPath(operation.from) ?? reasonOfPath(operation.to);
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
    case 'truncate':
    case 'chmod':
    case 'chown':
    case 'symlink':
    case 'mknod':
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
