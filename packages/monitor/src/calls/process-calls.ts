import { constants } from 'node:os';
import { logText } from '@kubearmor/telemetry';
import type { ProcessNode } from '../process/process-node.js';
import type { CallContext, CallDescription, CallWords } from './call.js';
import { markedCall } from './call-cache.js';
import { calledPath } from './called-path.js';

/** Calls that run programs, and those that act on other processes. */
export const PROCESS_CALLS: readonly CallDescription[] = [
  {
    name: 'execve',
    group: 'process',
    flags: ['failures'],
    texts: [
      ['string', 0],
      ['strings', 1],
    ],
    word: (context) => wordFailedExec(context, calledPath(context, 0), 1, { name: 'execve' }),
  },
  {
    name: 'execveat',
    group: 'process',
    flags: ['failures'],
    args: [0, 4],
    texts: [
      ['string', 1],
      ['directory', 0],
      ['strings', 2],
    ],
    word: (context) =>
      wordFailedExec(context, calledPath(context, 0, 1), 2, {
        name: 'execveat',
        fd: context.event.signedArg(0),
        atFlags: context.event.arg(1),
      }),
  },
  { name: 'kill', group: 'process', args: [0, 1], word: (context) => wordSignal(context, 'kill', 0, 1) },
  { name: 'tkill', group: 'process', args: [0, 1], word: (context) => wordSignal(context, 'tkill', 0, 1) },
  { name: 'tgkill', group: 'process', args: [0, 2], word: (context) => wordSignal(context, 'tgkill', 0, 1) },
  // KubeArmor counts it among the capabilities.
  { name: 'ptrace', group: 'capabilities', args: [0, 1], word: wordPtrace },
  {
    name: 'chdir',
    group: 'process',
    flags: ['followed', 'successes'],
    texts: [['workingDirectory', 0]],
    follow,
  },
  {
    name: 'fchdir',
    group: 'process',
    flags: ['followed', 'successes'],
    texts: [['workingDirectory', 0]],
    follow,
  },
  {
    name: 'setsid',
    group: 'process',
    flags: ['followed', 'successes'],
    follow: ({ process }) => {
      process.tty = '';
      process.log = undefined;
    },
  },
];

const SIGNALS: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

function follow({ event, process }: CallContext): void {
  process.cwd = event.text(0) || '/';
  process.log = undefined;
}

function wordFailedExec(
  { event }: CallContext,
  path: string,
  argumentsSlot: number,
  trace: { readonly name: string; readonly fd?: number; readonly atFlags?: number },
): CallWords {
  const args = event.strings(argumentsSlot).slice(1);
  const text = logText({ kind: 'process', path, args, trace: { kind: 'syscall', ...trace } });
  return { call: markedCall(text, event.result, event.flags), Resource: text.Resource };
}

// Ids are those of the caller's own namespace; 0 and less stand for groups.
function targetOf({ event, process, tree }: CallContext, argument: number): ProcessNode | undefined {
  const pid = event.signedArg(argument);
  return pid > 0 ? tree.findInner(process.pidNamespace, pid) : undefined;
}

function wordSignal(context: CallContext, name: string, pid: number, signal: number): CallWords | undefined {
  const { event, calls } = context;
  const number = event.arg(signal);
  // Asking whether a process is there is no signal.
  if (number === 0) return undefined;
  const Data = `syscall=SYS_${name.toUpperCase()} signal=${SIGNALS.get(number) ?? number} pid=${event.signedArg(pid)}`;
  const Resource = targetOf(context, pid)?.image.exe ?? '';
  return { call: calls.worded(event, { Operation: 'Process', Data }), Resource };
}

function wordPtrace(context: CallContext): CallWords {
  const { event, calls } = context;
  const executable = targetOf(context, 1)?.image.exe ?? '';
  const [request, pid] = [event.arg(0), event.signedArg(1)];
  const text = logText({ kind: 'ptrace', request, pid, executable });
  return { call: calls.worded(event, text), Resource: text.Resource };
}
