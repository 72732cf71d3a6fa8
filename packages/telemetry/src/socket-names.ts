import { IP_PROTOCOLS } from './ip-protocols.js';

/** The address families, at their numbers (linux/socket.h). */
const FAMILIES: readonly string[] = (
  'UNSPEC UNIX INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6 ROSE DECnet NETBEUI SECURITY KEY NETLINK ' +
  'PACKET ASH ECONET ATMSVC RDS SNA IRDA PPPOX WANPIPE LLC IB MPLS CAN TIPC BLUETOOTH IUCV RXRPC ISDN PHONET ' +
  'IEEE802154 CAIF ALG NFC VSOCK KCM QIPCRTR SMC XDP MCTP'
).split(' ');

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'SOCK_STREAM'],
  [2, 'SOCK_DGRAM'],
  [3, 'SOCK_RAW'],
  [4, 'SOCK_RDM'],
  [5, 'SOCK_SEQPACKET'],
  [6, 'SOCK_DCCP'],
  [10, 'SOCK_PACKET'],
]);

const TYPE_MASK = 0xf;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** `AF_INET`, or the number of a family without a name. */
export function socketFamilyName(family: number): string {
  const name = FAMILIES[family];
  return name === undefined ? String(family) : `AF_${name}`;
}

/** The type argument of socket(2), with its flags: `SOCK_STREAM|SOCK_CLOEXEC`. */
export function socketTypeName(type: number): string {
  const names = [TYPES.get(type & TYPE_MASK) ?? String(type)];
  if ((type & SOCK_NONBLOCK) !== 0) names.push('SOCK_NONBLOCK');
  if ((type & SOCK_CLOEXEC) !== 0) names.push('SOCK_CLOEXEC');
  return names.join('|');
}

/** IANA's keyword of an IP protocol (0 is `HOPOPT`, as KubeArmor prints it), or the number of one without. */
export function ipProtocolName(protocol: number): string {
  const name = IP_PROTOCOLS[protocol] ?? '';
  return name === '' ? String(protocol) : name;
}
