import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY } from '@kubearmor/kernel/launch';
import { MASKED_PATHS, READ_ONLY_PATHS } from './hidden-paths.js';
import type { MountStep } from './mount-step.js';

/** What a scope's root is made of. */
export interface ScopeRootOptions {
  /** The directory below the writes; `/` is the machine's own root. */
  readonly image: string;
  /** Other directories of the machine's root that need a layer of their own; empty for an image. */
  readonly submounts: readonly string[];
  /** An existing directory, outside the image, to build everything on. It is covered only for the scope. */
  readonly scratch: string;
  /** How much may be written, as tmpfs takes it; null for half of the memory. */
  readonly tmpfsSize: string | null;
}

const NO_EXEC = MS_NOSUID | MS_NODEV | MS_NOEXEC;

const DEVICES = [
  { name: 'null', major: 1, minor: 3 },
  { name: 'zero', major: 1, minor: 5 },
  { name: 'full', major: 1, minor: 7 },
  { name: 'random', major: 1, minor: 8 },
  { name: 'urandom', major: 1, minor: 9 },
  { name: 'tty', major: 5, minor: 0 },
] as const;

const DEVICE_LINKS = [
  { name: 'ptmx', target: 'pts/ptmx' },
  { name: 'fd', target: '/proc/self/fd' },
  { name: 'stdin', target: '/proc/self/fd/0' },
  { name: 'stdout', target: '/proc/self/fd/1' },
  { name: 'stderr', target: '/proc/self/fd/2' },
] as const;

/**
 * Plans the root of a scope: an overlay over the image, so that its file system is the scope's alone and marks on it
 * concern nobody else, with its own /proc and /dev. Everything is mounted before the root changes place.
 */
export function planScopeRoot(options: ScopeRootOptions): readonly MountStep[] {
  const root = `${options.scratch}/root`;
  return [
    { kind: 'make-private' },
    ...planLayers(options, root),
    ...planProc(root),
    ...planDev(root),
    ...planSys(root),
    ...planHiding(root),
    { kind: 'copy-if-missing', source: '/etc/resolv.conf', root, path: '/etc/resolv.conf' },
    { kind: 'pivot', root },
  ];
}

/**
 * The writes go to a tmpfs: a directory inside the image cannot take them (ELOOP). Device files on the layers are dead
 * (nodev), since a workload has CAP_MKNOD as in a container and could make itself the machine's disk.
 */
function planLayers(options: ScopeRootOptions, root: string): readonly MountStep[] {
  const { scratch, image, tmpfsSize } = options;
  const size = tmpfsSize === null ? '' : `,size=${tmpfsSize}`;
  const layers = [{ lower: image, target: root }].concat(
    options.submounts.map((point) => ({ lower: point, target: `${root}${point}` })),
  );
  return [
    { kind: 'mount', type: 'tmpfs', target: scratch, flags: MS_NOSUID | MS_NODEV, data: `mode=0700${size}` },
    { kind: 'directory', path: root, mode: 0o755 },
    ...layers.flatMap(({ lower, target }, index): readonly MountStep[] => {
      const upper = `${scratch}/upper-${index}`;
      const work = `${scratch}/work-${index}`;
      return [
        { kind: 'layer', lower, upper, work },
        { kind: 'overlay', lower, upper, work, target },
      ];
    }),
  ];
}

function planProc(root: string): readonly MountStep[] {
  const target = `${root}/proc`;
  return [
    { kind: 'directory', path: target, mode: 0o555 },
    { kind: 'mount', type: 'proc', target, flags: NO_EXEC, data: null },
  ];
}

function planDev(root: string): readonly MountStep[] {
  const dev = `${root}/dev`;
  return [
    { kind: 'directory', path: dev, mode: 0o755 },
    { kind: 'mount', type: 'tmpfs', target: dev, flags: MS_NOSUID, data: 'mode=0755,size=64m' },
    ...DEVICES.flatMap(({ name, major, minor }): readonly MountStep[] => [
      { kind: 'device', path: `${dev}/${name}`, major, minor },
      // A mount of its own keeps the device alive when the directory around it becomes nodev.
      { kind: 'bind', source: `${dev}/${name}`, target: `${dev}/${name}`, flags: 0 },
    ]),
    { kind: 'restrict', target: dev, flags: MS_NOSUID | MS_NODEV },
    { kind: 'directory', path: `${dev}/pts`, mode: 0o755 },
    {
      kind: 'mount',
      type: 'devpts',
      target: `${dev}/pts`,
      flags: MS_NOSUID | MS_NOEXEC,
      data: 'newinstance,ptmxmode=0666,mode=0620,gid=5',
    },
    { kind: 'directory', path: `${dev}/shm`, mode: 0o1777 },
    { kind: 'mount', type: 'tmpfs', target: `${dev}/shm`, flags: NO_EXEC, data: 'mode=1777' },
    ...DEVICE_LINKS.map(({ name, target }): MountStep => ({
      kind: 'symlink',
      path: `${dev}/${name}`,
      target,
    })),
  ];
}

/** Not recursive: what is mounted below the machine's /sys (cgroups, bpf, debugfs) is absent. */
function planSys(root: string): readonly MountStep[] {
  const target = `${root}/sys`;
  return [
    { kind: 'directory', path: target, mode: 0o555 },
    { kind: 'bind', source: '/sys', target, flags: 0 },
    { kind: 'restrict', target, flags: NO_EXEC | MS_RDONLY },
  ];
}

function planHiding(root: string): readonly MountStep[] {
  const emptyFile = `${root}/dev/null`;
  return [
    ...READ_ONLY_PATHS.map((path): MountStep => ({ kind: 'read-only', path: `${root}${path}` })),
    ...MASKED_PATHS.map((path): MountStep => ({ kind: 'mask', path: `${root}${path}`, emptyFile })),
  ];
}
