/** Every word that `matchProtocols` knows. */
export const protocols = [
  'tcp',
  'udp',
  'icmp',
  'icmpv6',
  'sctp',
  'raw',
  'stream',
  'dgram',
  'rdm',
  'seqpacket',
  'dccp',
  'packet',
  'all',
] as const;

/** A protocol, a socket type, or `all`. */
export type Protocol = (typeof protocols)[number];
