import { logText } from '@kubearmor/telemetry';
import type { CallContext, CallDescription, CallWords } from './call.js';
import { markedCall } from './call-cache.js';
import { calledPath } from './called-path.js';

/** Calls that change who a process is, and what is mounted where. */
export const SYSTEM_CALLS: readonly CallDescription[] = [
  {
    name: 'setuid',
    aliases: ['setuid32'],
    group: 'capabilities',
    args: [0],
    word: (context) => wordId(context, 'setuid'),
  },
  {
    name: 'setgid',
    aliases: ['setgid32'],
    group: 'capabilities',
    args: [0],
    word: (context) => wordId(context, 'setgid'),
  },
  {
    name: 'mount',
    group: 'capabilities',
    args: [3],
    texts: [
      ['string', 0],
      ['name', 1],
      ['string', 2],
      ['string', 4],
    ],
    word: wordMount,
  },
  {
    name: 'umount2',
    aliases: ['umount'],
    group: 'capabilities',
    args: [1],
    texts: [['name', 0]],
    word: wordUmount,
  },
];

function wordId({ event, calls }: CallContext, call: 'setuid' | 'setgid'): CallWords {
  return {
    call: calls.of(event, false, () => ({ kind: 'set-id', call, id: event.signedArg(0) })),
    Resource: '',
  };
}

function wordMount(context: CallContext): CallWords {
  const { event } = context;
  const text = logText({
    kind: 'mount',
    source: event.text(0),
    target: calledPath(context, 1),
    filesystem: event.text(2),
    flags: event.arg(0),
    data: event.text(3),
  });
  return { call: markedCall(text, event.result, event.flags), Resource: text.Resource };
}

function wordUmount(context: CallContext): CallWords {
  const { event } = context;
  const text = logText({ kind: 'umount', target: calledPath(context, 0), flags: event.arg(0) });
  return { call: markedCall(text, event.result, event.flags), Resource: text.Resource };
}
