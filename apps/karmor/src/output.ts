import { writeSync } from 'node:fs';

/** Where a command says what it has to say. */
export interface Output {
  /** A text for standard output, line breaks included. */
  print(text: string): void;
  /** A line for standard error, which gets the program's name in front. */
  complain(message: string): void;
}

const STDOUT = 1;
const STDERR = 2;

/** The process's own output. Writing by descriptor leaves the streams, which a workload inherits, as they are. */
export function createOutput(): Output {
  return {
    print: (text) => {
      writeAll(STDOUT, text);
    },
    complain: (message) => {
      writeAll(STDERR, `karmor: ${message}\n`);
    },
  };
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let sent = 0; sent < bytes.length;) {
    const written = writeSome(fd, bytes, sent);
    if (written === undefined) return;
    sent += written;
  }
}

/** Whoever does not read any more (`karmor status | head`) wants no more. */
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
