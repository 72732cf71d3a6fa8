import { GrpcConnection } from './grpc-connection.js';
import { resolveGrpcAddress } from './grpc-address.js';
import { DEFAULT_TLS_DIRECTORY, readTlsFiles } from './tls-files.js';

/** The flags that every command has that talks gRPC. */
export interface GrpcFlags {
  readonly gRPC?: string | undefined;
  readonly runDir?: string | undefined;
  readonly secure?: boolean | undefined;
  readonly tlsCertPath?: string | undefined;
}

/** A connection as the flags and the environment say. */
export function openConnection(
  flags: GrpcFlags,
  env: Readonly<Record<string, string | undefined>>,
): GrpcConnection {
  const tls = flags.secure === true ? readTlsFiles(flags.tlsCertPath ?? DEFAULT_TLS_DIRECTORY) : undefined;
  return new GrpcConnection({ address: resolveGrpcAddress(flags, env), tls });
}
