import { CELLS } from '../layout.js';

/** The families, types and protocols that a profile's cells stand for, in the order of lib/socket.h. */
export const FAMILY_SLOTS = ['inet', 'inet6'] as const;

/** Socket types by slot; slot 0 is none. */
export const TYPE_SLOTS = [
  undefined,
  'stream',
  'dgram',
  'raw',
  'rdm',
  'seqpacket',
  'dccp',
  'packet',
] as const;

/** IANA protocol numbers by slot; slot 0 stands for every other protocol. */
export const PROTOCOL_SLOTS = [255, 1, 6, 17, 33, 58, 132, undefined] as const;

/** Where a cell stands in a profile. */
export function cellIndex(tty: number, family: number, type: number, protocol: number): number {
  return ((tty * CELLS.families + family) * CELLS.types + type) * CELLS.protocols + protocol;
}
