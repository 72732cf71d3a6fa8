import type { Protocol } from '../vocabulary/protocols.js';
import type { NetworkOperation } from './operation.js';

/** How exactly a word of `matchProtocols` names a socket: a protocol, a type, everything; or not at all. */
export function exactnessOf(word: Protocol, operation: NetworkOperation): number | undefined {
  if (word === 'all') return 0;
  const number = protocolNumbers.get(word);
  if (number !== undefined) return isIp(operation) && protocolOf(operation) === number ? 2 : undefined;
  if (word !== operation.type) return undefined;
  return word !== 'raw' || isIp(operation) || operation.family === 'packet' ? 1 : undefined;
}

const tcp = 6;
const udp = 17;
const sctp = 132;
/** Multipath TCP is TCP on the wire. */
const mptcp = 262;

const protocolNumbers = new Map<Protocol, number>([
  ['icmp', 1],
  ['tcp', tcp],
  ['udp', udp],
  ['icmpv6', 58],
  ['sctp', sctp],
]);

const defaultProtocols = new Map<NetworkOperation['type'], number>([
  ['stream', tcp],
  ['dgram', udp],
  ['seqpacket', sctp],
]);

function isIp({ family }: NetworkOperation): boolean {
  return family === 'inet' || family === 'inet6';
}

function protocolOf({ type, protocol }: NetworkOperation): number | undefined {
  if (protocol === mptcp) return tcp;
  return protocol === 0 ? defaultProtocols.get(type) : protocol;
}
