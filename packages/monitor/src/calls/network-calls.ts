import { logText, socketFamilyName, type NetworkObject } from '@kubearmor/telemetry';
import type { Peer } from '../record/event-view.js';
import type { SocketAddress } from '../record/socket-address.js';
import type { CallContext, CallDescription, CallWords } from './call.js';

/** Calls that make sockets and use them. */
export const NETWORK_CALLS: readonly CallDescription[] = [
  {
    name: 'socket',
    group: 'network',
    args: [0, 1, 2],
    word: wordSocket,
  },
  {
    name: 'connect',
    group: 'network',
    args: [0],
    texts: [
      ['address', 1],
      ['peer', 0],
    ],
    word: (context) => wordAddressed(context, 'connect', context.event.peer(1)),
  },
  {
    name: 'bind',
    group: 'network',
    args: [0],
    texts: [['address', 1]],
    word: (context) => wordAddressed(context, 'bind'),
  },
  {
    name: 'listen',
    group: 'network',
    args: [0],
    word: (context) => ({ call: traced(context, 'listen'), Resource: '' }),
  },
  {
    name: 'accept',
    group: 'network',
    args: [0],
    texts: [['accepted', 0]],
    word: (context) => wordAccepted(context, 'accept'),
  },
  {
    name: 'accept4',
    group: 'network',
    args: [0],
    texts: [['accepted', 0]],
    word: (context) => wordAccepted(context, 'accept4'),
  },
  {
    name: 'sendto',
    group: 'network',
    flags: ['addressed'],
    args: [0],
    payload: 'buffer',
    word: (context) => wordAddressed(context, 'sendto'),
  },
  {
    name: 'sendmsg',
    group: 'network',
    flags: ['addressed'],
    args: [0],
    payload: 'message',
    word: (context) => wordAddressed(context, 'sendmsg'),
  },
  {
    name: 'sendmmsg',
    group: 'network',
    flags: ['addressed'],
    args: [0],
    payload: 'messages',
    word: (context) => wordAddressed(context, 'sendmmsg'),
  },
  // Of a socket that is connected to a name server.
  { name: 'write', group: 'dns', payload: 'buffer' },
  { name: 'writev', group: 'dns', payload: 'vector' },
];

const TCP = 6;
const EINPROGRESS = 115;

/** A TCP connection that a connect has made or begun, which KubeArmor tells of a second time. */
export function wordTcpConnect({ event, calls }: CallContext): CallWords | undefined {
  const peer = event.peer(1);
  return peer?.protocol === TCP ? wordTcp(calls, event, 'connect', peer, peer.remotePort) : undefined;
}

function wordSocket({ event, calls }: CallContext): CallWords {
  const object = {
    kind: 'socket',
    family: event.arg(0),
    type: event.arg(1),
    protocol: event.arg(2),
  } as const;
  const trace = { kind: 'syscall', name: 'socket' } as const;
  const call = calls.of(event, false, () => ({ kind: 'network', object, trace }));
  const key = `socket ${object.family} ${object.type} ${object.protocol}`;
  return { call, Resource: calls.resource(key, () => logText({ kind: 'network', object, trace }).Resource) };
}

function wordAddressed(context: CallContext, name: string, peer?: Peer): CallWords {
  const call = traced(context, name, true);
  if (peer !== undefined) return { call, Resource: addressResource(addressOf(peer)) };
  const { event, calls } = context;
  return { call, Resource: calls.resource(event.raw(0), () => addressResource(event.address(0))) };
}

// For TCP KubeArmor tells where it comes from and the port that took it.
function wordAccepted(context: CallContext, name: string): CallWords {
  const { event, calls } = context;
  const peer = event.peer(0);
  if (peer?.protocol === TCP) return wordTcp(calls, event, 'accept', peer, peer.localPort, name);
  const address = peer === undefined ? event.address(0) : addressOf(peer);
  return { call: traced(context, name), Resource: addressResource(address) };
}

function wordTcp(
  calls: CallContext['calls'],
  event: CallContext['event'],
  way: 'connect' | 'accept',
  peer: Peer,
  port: number,
  syscall?: string,
): CallWords {
  const { family, address } = peer;
  const facts = { kind: 'tcp', way, family, address, port } as const;
  // A connection that is under way has been begun, as KubeArmor tells it; what comes of it is not known to this call.
  const result = event.result === -EINPROGRESS ? 0 : event.result;
  return { call: calls.tcp(way, family, result, facts, syscall), Resource: logText(facts).Resource };
}

function traced({ event, calls }: CallContext, name: string, hasAddress = false): CallWords['call'] {
  const trace = { kind: 'syscall', name, fd: event.signedArg(0) } as const;
  return calls.of(event, hasAddress, () => ({ kind: 'network', object: { kind: 'none' }, trace }));
}

function addressOf(peer: Peer): SocketAddress {
  return { kind: 'inet', family: peer.family, address: peer.address, port: peer.remotePort };
}

function addressResource(address: SocketAddress | undefined): string {
  if (address === undefined) return '';
  if (address.kind === 'other') return `sa_family=${socketFamilyName(address.family)}`;
  const object: NetworkObject = address;
  return logText({ kind: 'network', object, trace: { kind: 'syscall', name: '' } }).Resource;
}
