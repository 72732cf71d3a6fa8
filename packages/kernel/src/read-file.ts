import { close, open, read } from './file-descriptor.js';

const O_RDONLY_CLOEXEC = 0o2000000;

let scratch = Buffer.allocUnsafeSlow(65_536);

/**
 * Reads a small file whole, such as those of /proc; undefined when it cannot be read (its process may be gone).
 * The buffer is reused: what is returned is valid until the next call in this thread. Of a longer file than `maxBytes`
 * about as much is read; by default all.
 */
export function readFileAt(path: string, maxBytes: number = Infinity): Buffer | undefined {
  const fd = open(path, O_RDONLY_CLOEXEC);
  if (fd < 0) return undefined;
  const length = readToEnd(fd, maxBytes);
  close(fd);
  return length < 0 ? undefined : scratch.subarray(0, length);
}

/** Like {@link readFileAt} with one read(2) only: for files of /proc that fit one page. */
export function readFileOnce(path: string): Buffer | undefined {
  const fd = open(path, O_RDONLY_CLOEXEC);
  if (fd < 0) return undefined;
  const length = read(fd, scratch, scratch.length);
  close(fd);
  return length < 0 ? undefined : scratch.subarray(0, length);
}

/** The text of a small file, or undefined when it cannot be read. */
export function readTextAt(path: string): string | undefined {
  return readFileAt(path)?.toString('utf8');
}

function readToEnd(fd: number, maxBytes: number): number {
  let length = 0;
  while (length < maxBytes) {
    if (length === scratch.length) grow();
    const count = read(fd, scratch.subarray(length), scratch.length - length);
    if (count <= 0) return count < 0 ? count : length;
    length += count;
  }
  return length;
}

function grow(): void {
  const larger = Buffer.allocUnsafeSlow(scratch.length * 2);
  scratch.copy(larger);
  scratch = larger;
}
