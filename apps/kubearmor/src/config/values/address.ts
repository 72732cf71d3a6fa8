import { z } from 'zod';
import type { ValueKind } from './value-kind.js';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
}

const MAX_PORT = 65_535;
const SHAPE = /^(?<host>\[[0-9a-fA-F:]+\]|[^:[\]\s]*):(?<port>\d{1,5})$/;

/** `host:port`, `:port` for every address, `none` for undefined. */
export function address(): ValueKind<ListenAddress | undefined> {
  const schema = z.string().transform((text, context) => {
    if (text === 'none') return undefined;
    const { host, port } = SHAPE.exec(text)?.groups ?? {};
    if (host !== undefined && port !== undefined && Number(port) <= MAX_PORT) {
      return { host: host === '' ? '::' : host.replaceAll(/[[\]]/g, ''), port: Number(port) };
    }
    context.addIssue({ code: 'custom', message: 'not an address' });
    return z.NEVER;
  });
  return { placeholder: 'host:port|none', expected: 'none or HOST:PORT', schema };
}
