import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import {
  KernelError,
  makeCharacterDevice,
  MNT_DETACH,
  mount,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  pivotRoot,
  umount2,
} from '@kubearmor/kernel/launch';
import { existsInRoot } from './exists-in-root.js';
import { WorkloadsError } from '../errors.js';
import type { MountStep } from './mount-step.js';
import { overlayOptions } from './overlay-options.js';

type Step<K extends MountStep['kind']> = Extract<MountStep, { readonly kind: K }>;

/**
 * With `index` and `xino` a file has one identity under all its names, and keeps it when it is first written to or
 * linked: a guard recognizes files by that. Kernels before 4.17 do not know both.
 */
const OVERLAY_EXTRAS = ['index=on,xino=on', ''];

/** Carries out one step of a plan, in the calling process's mount namespace and with a umask of 0. */
export function applyMountStep(step: MountStep): void {
  switch (step.kind) {
    case 'make-private':
      mount(null, '/', null, MS_REC | MS_PRIVATE);
      return;
    case 'mount':
      mount(step.type, step.target, step.type, step.flags, step.data);
      return;
    case 'directory':
      makeDirectory(step);
      return;
    case 'layer':
      makeLayer(step);
      return;
    case 'overlay':
      mountOverlay(step);
      return;
    case 'bind':
      mount(step.source, step.target, null, MS_BIND | step.flags);
      return;
    case 'restrict':
      restrict(step.target, step.flags);
      return;
    case 'device':
      makeCharacterDevice(step.path, step.major, step.minor, 0o666);
      return;
    case 'symlink':
      symlinkSync(step.target, step.path);
      return;
    case 'read-only':
      makeReadOnly(step.path);
      return;
    case 'mask':
      mask(step);
      return;
    case 'copy-if-missing':
      copyIfMissing(step);
      return;
    case 'pivot':
      pivot(step.root);
      return;
  }
}

/** A link in an image must not choose what is mounted over. */
function makeDirectory(step: Step<'directory'>): void {
  const found = lstatSync(step.path, { throwIfNoEntry: false });
  if (found === undefined) {
    mkdirSync(step.path, { recursive: true, mode: step.mode });
    chmodSync(step.path, step.mode);
  } else if (!found.isDirectory()) {
    throw new WorkloadsError(
      'IMAGE_INVALID',
      `scope root: ${step.path}: expected a directory, got something else`,
    );
  }
}

function makeLayer(step: Step<'layer'>): void {
  const lower = statSync(step.lower);
  mkdirSync(step.upper);
  mkdirSync(step.work);
  chownSync(step.upper, lower.uid, lower.gid);
  chmodSync(step.upper, lower.mode & 0o7777);
}

function mountOverlay(step: Step<'overlay'>): void {
  const [first, ...others] = OVERLAY_EXTRAS.map((extra) =>
    overlayOptions(step.lower, step.upper, step.work, extra),
  );
  const attempt = (data: string | undefined): void => {
    mount('overlay', step.target, 'overlay', MS_NODEV, data ?? null);
  };
  try {
    attempt(first);
  } catch (error) {
    if (!(error instanceof KernelError) || error.code !== 'EINVAL') throw error;
    attempt(others[0]);
  }
}

function restrict(target: string, flags: number): void {
  mount(null, target, null, MS_REMOUNT | MS_BIND | flags);
}

function makeReadOnly(path: string): void {
  if (!existsSync(path)) return;
  mount(path, path, null, MS_BIND | MS_REC);
  restrict(path, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
}

function mask(step: Step<'mask'>): void {
  const found = statSync(step.path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) {
    const flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    mount('tmpfs', step.path, 'tmpfs', flags, 'size=4k,nr_inodes=1,mode=0555');
  } else {
    mount(step.emptyFile, step.path, null, MS_BIND);
  }
}

/** resolv.conf is often a link into /run, which a scope has to itself; images often have none. */
function copyIfMissing(step: Step<'copy-if-missing'>): void {
  const path = `${step.root}${step.path}`;
  const directory = lstatSync(dirname(path), { throwIfNoEntry: false });
  if (directory?.isDirectory() !== true || !existsSync(step.source) || existsInRoot(step.root, step.path))
    return;
  const content = readFileSync(step.source);
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o644 });
}

/** With `.` twice the old root ends up mounted over the new one, where it can be detached without a directory for it. */
function pivot(root: string): void {
  process.chdir(root);
  pivotRoot('.', '.');
  umount2('.', MNT_DETACH);
  process.chdir('/');
}
