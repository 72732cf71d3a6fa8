import { openFlags } from '@kubearmor/kernel';
import { logText, type LogFacts, type Trace } from '@kubearmor/telemetry';
import type { CallContext, CallDescription, CallWords } from './call.js';
import { markedCall } from './call-cache.js';
import { calledPath } from './called-path.js';
import { portableOpenFlags } from './portable-open-flags.js';

type SyscallTrace = Omit<Extract<Trace, { kind: 'syscall' }>, 'kind' | 'name'>;

/** Calls that open, remove, rename and give away files. */
export const FILE_CALLS: readonly CallDescription[] = [
  {
    name: 'open',
    group: 'file',
    args: [1],
    texts: [['opened', 0]],
    word: (context) =>
      wordFile(context, 'open', { openFlags: portableOpenFlags(context.event.arg(0), openFlags()) }),
  },
  {
    name: 'openat',
    group: 'file',
    args: [0, 2],
    texts: [
      ['opened', 1],
      ['directory', 0],
    ],
    word: (context) => wordOpenAt(context, 'openat'),
  },
  {
    name: 'openat2',
    group: 'file',
    args: [0],
    texts: [
      ['opened', 1],
      ['directory', 0],
      ['openHow', 2],
    ],
    word: (context) => wordOpenAt(context, 'openat2'),
  },
  {
    name: 'creat',
    group: 'file',
    args: [1],
    texts: [['opened', 0]],
    word: (context) => wordFile(context, 'creat', { mode: context.event.arg(0) }),
  },
  {
    name: 'unlink',
    group: 'file',
    texts: [['name', 0]],
    word: (context) => wordFile(context, 'unlink', {}),
  },
  {
    name: 'unlinkat',
    group: 'file',
    args: [2],
    texts: [
      ['name', 1],
      ['directory', 0],
    ],
    word: (context) => wordFile(context, 'unlinkat', { atFlags: context.event.arg(0) }, 1),
  },
  {
    name: 'rmdir',
    group: 'file',
    texts: [['name', 0]],
    word: (context) => wordFile(context, 'rmdir', {}),
  },
  {
    name: 'chown',
    aliases: ['chown32'],
    group: 'file',
    args: [1, 2],
    texts: [['name', 0]],
    word: (context) => wordFile(context, 'chown', owner(context)),
  },
  {
    name: 'lchown',
    aliases: ['lchown32'],
    group: 'file',
    args: [1, 2],
    texts: [['name', 0]],
    word: (context) => wordFile(context, 'lchown', owner(context)),
  },
  {
    name: 'fchown',
    aliases: ['fchown32'],
    group: 'file',
    args: [1, 2],
    texts: [['file', 0]],
    word: (context) => wordFile(context, 'fchown', owner(context)),
  },
  {
    name: 'fchownat',
    group: 'file',
    args: [2, 3, 4],
    texts: [
      ['name', 1],
      ['directory', 0],
    ],
    // What KubeArmor calls the mode are the flags.
    word: (context) => wordFile(context, 'fchownat', { ...owner(context), mode: context.event.arg(2) }, 1),
  },
  {
    name: 'rename',
    group: 'file',
    texts: [
      ['name', 0],
      ['name', 1],
    ],
    word: (context) => wordName(context, 'rename', calledPath(context, 0), calledPath(context, 1)),
  },
  {
    name: 'renameat',
    group: 'file',
    texts: [
      ['name', 1],
      ['directory', 0],
      ['name', 3],
      ['directory', 2],
    ],
    word: (context) => wordName(context, 'renameat', calledPath(context, 0, 1), calledPath(context, 2, 3)),
  },
  {
    name: 'renameat2',
    group: 'file',
    args: [4],
    texts: [
      ['name', 1],
      ['directory', 0],
      ['name', 3],
      ['directory', 2],
    ],
    word: (context) => wordName(context, 'renameat2', calledPath(context, 0, 1), calledPath(context, 2, 3)),
  },
];

function owner({ event }: CallContext): SyscallTrace {
  return { userId: event.signedArg(0), groupId: event.signedArg(1) };
}

function wordOpenAt(context: CallContext, name: string): CallWords {
  const { event, calls } = context;
  const call = calls.of(event, true, () => ({
    kind: 'file',
    path: '',
    trace: {
      kind: 'syscall',
      name,
      fd: event.signedArg(0),
      openFlags: portableOpenFlags(event.arg(1), openFlags()),
    },
  }));
  return { call, Resource: calledPath(context, 0, 1) };
}

function wordFile(
  context: CallContext,
  name: string,
  trace: SyscallTrace,
  directorySlot?: number,
): CallWords {
  const facts = (): LogFacts => ({ kind: 'file', path: '', trace: { kind: 'syscall', name, ...trace } });
  return {
    call: context.calls.of(context.event, true, facts),
    Resource: calledPath(context, 0, directorySlot),
  };
}

function wordName({ event }: CallContext, call: string, path: string, target: string): CallWords {
  const text = logText({ kind: 'name', call, path, target });
  return { call: markedCall(text, event.result, event.flags), Resource: path };
}
