import { close, write } from './file-descriptor.js';
import { KernelError } from './errors.js';
import { check, libc } from './libc.js';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 0o2004002;
const FAMILY_BYTES = 2;
const MAX_PATH_BYTES = 107;

/**
 * Sends one datagram to a unix socket, without waiting; a name that starts with `@` is in the abstract namespace. Node
 * has no such sockets. Throws KernelError.
 */
export function sendUnixDatagram(name: string, message: Uint8Array): void {
  const address = encodeAddress(name);
  const fd = check(libc().socket(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0), 'socket', 'AF_UNIX');
  try {
    check(libc().connect(fd, address, address.length), 'connect', name);
    const written = write(fd, message, message.length);
    if (written < 0) throw KernelError.fromErrno(-written, 'write', name);
  } finally {
    close(fd);
  }
}

function encodeAddress(name: string): Buffer {
  const path = Buffer.from(name.replace(/^@/, '\0'));
  if (path.length > MAX_PATH_BYTES) {
    throw new KernelError(
      'ARGUMENT_INVALID',
      `unix socket ${name}: expected at most ${MAX_PATH_BYTES} bytes, got ${path.length}`,
    );
  }
  const family = Buffer.alloc(FAMILY_BYTES);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, path]);
}
