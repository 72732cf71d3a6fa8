import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Where a command says what it has to say. */
export interface Output {
  /** Whether standard output is a terminal that may be coloured. */
  readonly isColoured: boolean;
  /** A text for standard output, line breaks included; false when nobody reads it any more. */
  print(text: string): boolean;
  /** A line for standard error about how the command gets on. */
  readonly note: (line: string) => void;
  /** A line for standard error about what is wrong, which gets the program's name in front. */
  complain(message: string): void;
}

const STDOUT = 1;
const STDERR = 2;

/** The process's own output. Writing by descriptor leaves the streams, which a workload inherits, as they are. */
export function createOutput(env: Readonly<Record<string, string | undefined>>): Output {
  return {
    // https://no-color.org: set and not empty.
    isColoured: isatty(STDOUT) && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    print: (text) => writeAll(STDOUT, text),
    note: (line) => {
      writeAll(STDERR, `${line}\n`);
    },
    complain: (message) => {
      writeAll(STDERR, `karmor: ${message}\n`);
    },
  };
}

/** False when whoever read does so no more (`karmor status | head`). */
function writeAll(fd: number, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  for (let sent = 0; sent < bytes.length;) {
    const written = writeSome(fd, bytes, sent);
    if (written === undefined) return false;
    sent += written;
  }
  return true;
}

function writeSome(fd: number, bytes: Buffer, offset: number): number | undefined {
  try {
    return writeSync(fd, bytes, offset);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return undefined;
    throw error;
  }
}
