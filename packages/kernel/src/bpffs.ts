import { mkdirSync } from 'node:fs';
import { KernelError } from './errors.js';
import { mount } from './mount.js';
import { findMountAt, readMountinfo } from './mountinfo.js';

/** Where the BPF file system usually is. */
export const BPFFS_PATH = '/sys/fs/bpf';

/** The state of the BPF file system after {@link ensureBpffs}. */
export interface Bpffs {
  readonly path: string;
  /** Whether it was we who mounted it: then nobody else unmounts it, and unmounting drops all pins in it. */
  readonly isOurs: boolean;
}

/** Makes sure that the BPF file system is mounted, by default at /sys/fs/bpf. */
export function ensureBpffs(path: string = BPFFS_PATH): Bpffs {
  if (findMountAt(readMountinfo(), path)?.fsType === 'bpf') return { path, isOurs: false };
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw KernelError.from(error, `create ${path} for the BPF file system`);
  }
  mount('bpf', path, 'bpf');
  return { path, isOurs: true };
}
