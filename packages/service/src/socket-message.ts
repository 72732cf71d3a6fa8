import { z } from 'zod';
import { ServiceError } from './errors.js';

/** The longest line that either side accepts or sends. */
export const MAX_LINE_BYTES: number = 16 * 1024 * 1024;

/** The one line a client sends. */
export interface SocketRequest {
  readonly method: string;
  readonly params?: unknown;
}

/** A line a server sends: any number of events, then one result or error. */
export type SocketReply =
  | { readonly kind: 'event'; readonly value?: unknown }
  | { readonly kind: 'result'; readonly value?: unknown }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

const requestSchema: z.ZodType<SocketRequest> = z.object({
  method: z.string(),
  params: z.unknown().optional(),
});

const replySchema: z.ZodType<SocketReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), value: z.unknown().optional() }),
  z.object({ kind: z.literal('result'), value: z.unknown().optional() }),
  z.object({ kind: z.literal('error'), code: z.string(), message: z.string() }),
]);

/** Turns a message into its line. */
export function encodeMessage(message: SocketRequest | SocketReply): string {
  const line = JSON.stringify(message);
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) {
    throw new ServiceError('SOCKET_LINE_TOO_LONG', `expected a message of at most ${MAX_LINE_BYTES} bytes`);
  }
  return `${line}\n`;
}

/** Reads a client's line. */
export function parseRequest(line: string): SocketRequest {
  return parse(requestSchema, line, 'a request with a method');
}

/** Reads a server's line. */
export function parseReply(line: string): SocketReply {
  return parse(replySchema, line, 'an event, a result or an error');
}

/** The reply for anything thrown: the code of the error where it has one. */
export function errorReply(thrown: unknown): SocketReply {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code =
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'INTERNAL';
  return { kind: 'error', code, message };
}

function parse<T>(schema: z.ZodType<T>, line: string, expected: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new ServiceError(
      'SOCKET_MALFORMED',
      `expected ${expected}, got ${JSON.stringify(line.slice(0, 80))}`,
      { cause },
    );
  }
}
