import type { FileHash } from '../record/file-hash.js';

/** The program that a process runs. Shared by the processes that are forked from it until they run another. */
export interface ProcessImage {
  /** The real path of the executable; empty where it is not known. */
  readonly exe: string;
  readonly argv: readonly string[];
  /** What was named to be run: for a script the script, where `exe` is its interpreter. */
  readonly requested: string;
  /** The executable and what follows argv[0]. */
  readonly commandLine: string;
  /** The name that the kernel gives the process. */
  readonly comm: string;
  /** Of the executable's content; absent where the kernel was not asked for it or makes none. */
  readonly hash?: FileHash;
}

const COMM_BYTES = 15;

/** A program by its executable, its arguments and how it was named. */
export function createImage(
  exe: string,
  argv: readonly string[],
  requested: string,
  hash?: FileHash,
): ProcessImage {
  const args = argv.slice(1).join(' ');
  const name = requested === '' ? exe : requested;
  return {
    exe,
    argv,
    requested,
    commandLine: args === '' ? exe : `${exe} ${args}`,
    comm: name.slice(name.lastIndexOf('/') + 1, name.lastIndexOf('/') + 1 + COMM_BYTES),
    ...(hash === undefined ? {} : { hash }),
  };
}

/** The program of a process of which nothing is known. */
export const UNKNOWN_IMAGE: ProcessImage = createImage('', [], '');
