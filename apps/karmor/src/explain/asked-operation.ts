import { canonicalCapability, capabilities } from '@kubearmor/policy';
import { z } from 'zod';
import { KarmorError } from '../errors.js';
import { oneOf, parseFlags } from '../parse-flags.js';

/** Sockets by the word for them. */
export const SOCKETS = {
  tcp: { family: 'inet', type: 'stream', protocol: 6 },
  udp: { family: 'inet', type: 'dgram', protocol: 17 },
  icmp: { family: 'inet', type: 'raw', protocol: 1 },
  icmpv6: { family: 'inet6', type: 'raw', protocol: 58 },
  sctp: { family: 'inet', type: 'stream', protocol: 132 },
  raw: { family: 'inet', type: 'raw', protocol: 255 },
  unix: { family: 'unix', type: 'stream', protocol: 0 },
  netlink: { family: 'netlink', type: 'raw', protocol: 0 },
} as const;

/** What is asked about, as it was said. */
export type AskedOperation =
  | { readonly kind: 'exec'; readonly path: string; readonly args: readonly string[] }
  | { readonly kind: 'open'; readonly path: string; readonly access: readonly ('read' | 'write')[] }
  | { readonly kind: 'connect'; readonly protocol: keyof typeof SOCKETS; readonly isInet6: boolean }
  | { readonly kind: 'capability'; readonly name: string }
  | { readonly kind: 'lookup'; readonly domain: string };

/** Who does it, as it was said. */
export interface AskedSubject {
  readonly from: string;
  readonly parent: string | undefined;
  readonly uid: number;
  readonly hasTty: boolean;
}

const protocols = ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'raw', 'unix', 'netlink'] as const;

const operationSchema = z.object({
  exec: z.string().optional(),
  open: z.string().optional(),
  write: z.boolean().default(false),
  read: z.boolean().default(false),
  connect: oneOf(protocols).optional(),
  inet6: z.boolean().default(false),
  capability: z.string().optional(),
  lookup: z.string().optional(),
});

const KINDS = ['exec', 'open', 'connect', 'capability', 'lookup'] as const;

/** Reads the one operation that the flags ask about. Throws USAGE_INVALID. */
export function parseAskedOperation(flags: unknown, args: readonly string[]): AskedOperation {
  const given = parseFlags(operationSchema, flags);
  const asked = KINDS.filter((kind) => given[kind] !== undefined);
  if (asked.length !== 1) {
    const got = asked.length === 0 ? 'none' : asked.map((kind) => `--${kind}`).join(' ');
    throw new KarmorError(
      'USAGE_INVALID',
      `explain: expected one of ${KINDS.map((kind) => `--${kind}`).join(', ')}, got ${got}`,
    );
  }
  if (given.exec === undefined && args[0] !== undefined) {
    throw new KarmorError('USAGE_INVALID', `explain: expected arguments behind --exec only, got ${args[0]}`);
  }
  return toOperation(given, args);
}

function toOperation(given: z.infer<typeof operationSchema>, args: readonly string[]): AskedOperation {
  const { exec, open, write, read, connect, inet6, capability, lookup = '' } = given;
  if (exec !== undefined) return { kind: 'exec', path: exec, args };
  if (open !== undefined) {
    const access = write ? (read ? (['read', 'write'] as const) : (['write'] as const)) : (['read'] as const);
    return { kind: 'open', path: open, access };
  }
  if (connect !== undefined) return { kind: 'connect', protocol: connect, isInet6: inet6 };
  if (capability === undefined) return { kind: 'lookup', domain: lookup };
  const name = canonicalCapability(capability);
  if (capabilities.includes(name)) return { kind: 'capability', name };
  throw new KarmorError(
    'USAGE_INVALID',
    `--capability: expected a capability of Linux such as net_raw, got ${capability}`,
  );
}

const subjectSchema = z.object({
  from: z.string().default('/bin/sh'),
  parent: z.string().optional(),
  uid: z.coerce.number('expected a number').int().min(0).default(0),
  tty: z.boolean().default(false),
});

/** Reads who does it. Throws USAGE_INVALID. */
export function parseAskedSubject(flags: unknown): AskedSubject {
  const { from, parent, uid, tty } = parseFlags(subjectSchema, flags);
  return { from, parent, uid, hasTty: tty };
}
