import { procPath } from './procfs.js';
import { readTextAt } from './read-file.js';

/** One line of /proc/PID/mountinfo. */
export interface MountEntry {
  readonly id: number;
  readonly parentId: number;
  readonly devMajor: number;
  readonly devMinor: number;
  /** The directory of the file system that is the root of the mount. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Parses the text of /proc/PID/mountinfo; lines that do not fit the format are left out. */
export function parseMountinfo(text: string): readonly MountEntry[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

/** The mounts that a process sees, by default this one; empty when they cannot be read. */
export function readMountinfo(pid: number | 'self' = 'self'): readonly MountEntry[] {
  return parseMountinfo(readTextAt(procPath(`${pid}/mountinfo`)) ?? '');
}

/** The mount with an id. */
export function findMountById(mounts: readonly MountEntry[], id: number): MountEntry | undefined {
  return mounts.find((mount) => mount.id === id);
}

/** The mount that is on top at exactly this path: the last one listed. */
export function findMountAt(mounts: readonly MountEntry[], mountPoint: string): MountEntry | undefined {
  return mounts.findLast((mount) => mount.mountPoint === mountPoint);
}

// id parent major:minor root mountPoint options [optional fields] - fsType source superOptions
function parseLine(line: string): MountEntry | undefined {
  const [left, right] = splitOnce(line, ' - ');
  const [id, parentId, device, root, mountPoint, options] = left.split(' ');
  const [fsType, source, superOptions] = right.split(' ');
  if (options === undefined || fsType === undefined || device === undefined) return undefined;
  const [devMajor, devMinor] = device.split(':').map(Number);
  return {
    id: Number(id),
    parentId: Number(parentId),
    devMajor: devMajor ?? 0,
    devMinor: devMinor ?? 0,
    root: unescape(root ?? ''),
    mountPoint: unescape(mountPoint ?? ''),
    options: options.split(','),
    fsType,
    source: unescape(source ?? ''),
    superOptions: (superOptions ?? '').split(','),
  };
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}

// The kernel writes space, tab, newline, backslash and # as three octal digits.
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-7]{3})/gu, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
