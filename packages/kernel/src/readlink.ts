import { AT_FDCWD } from './file-descriptor.js';
import { libc, orNegativeErrno } from './libc.js';

const scratch = Buffer.alloc(8192);

/** readlink(2) into a buffer: the length of the target (cut to the buffer), or -errno. */
export function readlinkInto(path: string, buffer: Uint8Array): number {
  return orNegativeErrno(libc().readlinkat(AT_FDCWD, path, buffer, buffer.length));
}

/** The target of a link as text, or undefined when it cannot be read. Bytes that are not UTF-8 become U+FFFD. */
export function readlinkPath(path: string): string | undefined {
  const length = readlinkInto(path, scratch);
  return length < 0 ? undefined : scratch.toString('utf8', 0, length);
}
