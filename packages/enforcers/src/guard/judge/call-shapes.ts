import { hostArchitecture, openFlags } from '@kubearmor/kernel';

/** Where the arguments of a system call that opens a file stand. */
export interface CallShape {
  readonly name: string;
  readonly pointerBytes: 4 | 8;
  readonly path?: number;
  readonly dirFd?: number;
  readonly flags?: number;
  /** The argument that points to a `struct open_how`. */
  readonly how?: number;
  readonly argv?: number;
  /** Flags that the call implies. */
  readonly fixedFlags?: number;
}

const { O_CREAT, O_WRONLY, O_TRUNC } = openFlags();
const CREAT = O_CREAT | O_WRONLY | O_TRUNC;

const open = { name: 'open', path: 0, flags: 1 } as const;
const creat = { name: 'creat', path: 0, fixedFlags: CREAT } as const;
const openat = { name: 'openat', dirFd: 0, path: 1, flags: 2 } as const;
const openat2 = { name: 'openat2', dirFd: 0, path: 1, how: 2 } as const;
const openByHandle = { name: 'open_by_handle_at', flags: 2 } as const;
const execve = { name: 'execve', path: 0, argv: 1, fixedFlags: 0 } as const;
const execveat = { name: 'execveat', dirFd: 0, path: 1, argv: 2, fixedFlags: 0 } as const;

type Numbers = readonly (readonly [number, Omit<CallShape, 'pointerBytes'>])[];

const X86_64: Numbers = [
  [2, open],
  [85, creat],
  [257, openat],
  [304, openByHandle],
  [437, openat2],
  [59, execve],
  [322, execveat],
];

// The numbers of 32-bit calls collide with no native call that can open a file, so the number alone tells.
const I386: Numbers = [
  [5, open],
  [8, creat],
  [295, openat],
  [342, openByHandle],
  [11, execve],
  [358, execveat],
];

const ARM64: Numbers = [
  [56, openat],
  [265, openByHandle],
  [437, openat2],
  [221, execve],
  [281, execveat],
];

const ARM32: Numbers = [
  [5, open],
  [8, creat],
  [322, openat],
  [371, openByHandle],
  [11, execve],
  [387, execveat],
];

/** The system calls that open files on this machine, by number. */
export const openCalls: ReadonlyMap<number, CallShape> = new Map(
  hostArchitecture() === 'arm64'
    ? [...shapes(ARM32, 4), ...shapes(ARM64, 8)]
    : [...shapes(I386, 4), ...shapes(X86_64, 8)],
);

function shapes(numbers: Numbers, pointerBytes: 4 | 8): [number, CallShape][] {
  return numbers.map(([number, shape]) => [number, { ...shape, pointerBytes }]);
}
