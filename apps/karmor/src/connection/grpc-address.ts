import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { KarmorError } from '../errors.js';
import { DEFAULT_RUN_DIRECTORY } from './agent-places.js';

/** Where a gRPC server listens. */
export type GrpcAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** What says where a gRPC server is. */
export interface GrpcAddressFlags {
  readonly gRPC?: string | undefined;
  readonly runDir?: string | undefined;
}

const VARIABLE = 'KUBEARMOR_SERVICE';
const DEFAULT_PORT = 32_767;
const MAX_PORT = 65_535;

/** The server to talk to: the flag, else KUBEARMOR_SERVICE, else the agent's unix socket where this user may use it, else loopback. */
export function resolveGrpcAddress(
  { gRPC, runDir }: GrpcAddressFlags,
  env: Readonly<Record<string, string | undefined>>,
): GrpcAddress {
  if (gRPC !== undefined && gRPC !== '') return parseGrpcAddress(gRPC, '--gRPC');
  const service = env[VARIABLE];
  if (runDir === undefined && service !== undefined && service !== '') {
    return parseGrpcAddress(service, VARIABLE);
  }
  const path = join(runDir ?? DEFAULT_RUN_DIRECTORY, 'grpc.sock');
  // A run directory that was named is the one that is meant, whatever is there.
  if (runDir !== undefined || isUsable(path)) return { kind: 'unix', path };
  return { kind: 'tcp', host: 'localhost', port: DEFAULT_PORT };
}

/** Reads `host:port`, `[v6]:port`, `unix:PATH` or a path. Throws USAGE_INVALID. */
export function parseGrpcAddress(text: string, source: string): GrpcAddress {
  const [, path] = /^(?:unix:(?:\/\/(?=\/))?)?(\/.*)$/.exec(text) ?? [];
  if (path !== undefined) return { kind: 'unix', path };
  const [, v6, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\s]+)):(\d+)$/.exec(text) ?? [];
  const host = v6 ?? name;
  if (host !== undefined && Number(port) <= MAX_PORT) return { kind: 'tcp', host, port: Number(port) };
  throw new KarmorError('USAGE_INVALID', `${source}: expected host:port or unix:PATH, got ${text}`);
}

/** An address as people write it. */
export function describeAddress(address: GrpcAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const { host, port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function isUsable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
