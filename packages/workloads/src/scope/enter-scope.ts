import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bringUpLoopback,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWUTS,
  readMountinfo,
  setHostname,
  unshare,
} from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';
import { applyMountStep } from './apply-mount-step.js';
import { diskSubmounts } from './disk-submounts.js';
import type { LaunchOrder } from './launch-order.js';
import { planScopeRoot } from './scope-root.js';
import type { ScopeSpec } from './scope-spec.js';
import { chooseScratchDirectory } from './scratch-directory.js';

/** Takes the calling process into its scope: cgroup, namespaces, root, working directory. Expects a umask of 0. */
export function enterScope(order: LaunchOrder): void {
  const { spec } = order;
  checkImage(spec.image);
  attempt('join the cgroup', () => {
    joinCgroup(order.cgroup);
  });
  attempt('make the namespaces', () => {
    unshare(namespaceFlags(order));
    if (spec.namespaces.net === 'private') bringUpLoopback();
    if (spec.hostname !== null) setHostname(spec.hostname);
  });
  attempt('make the root', () => {
    makeRoot(spec);
  });
  attempt(`change to the working directory ${spec.workdir}`, () => {
    process.chdir(spec.workdir);
  });
}

/** The flags for unshare(2). The cgroup namespace is rooted where the process is, so it comes after joining the cgroup. */
export function namespaceFlags(order: Pick<LaunchOrder, 'hasMountNamespace' | 'spec'>): number {
  const { ipc, uts, net } = order.spec.namespaces;
  return (
    CLONE_NEWCGROUP |
    (order.hasMountNamespace ? 0 : CLONE_NEWNS) |
    (ipc === 'private' ? CLONE_NEWIPC : 0) |
    (uts === 'private' ? CLONE_NEWUTS : 0) |
    (net === 'private' ? CLONE_NEWNET : 0)
  );
}

function checkImage(image: string): void {
  if (statSync(image, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new WorkloadsError('IMAGE_INVALID', `image: expected a directory, ${image} is none`);
}

function joinCgroup(path: string): void {
  // 0 is the writer itself, whatever its number is in whichever pid namespace.
  writeFileSync(join(path, 'cgroup.procs'), '0');
}

function makeRoot(spec: ScopeSpec): void {
  const scratch = chooseScratchDirectory(
    spec.image,
    (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  );
  const submounts = spec.image === '/' ? diskSubmounts(readMountinfo()) : [];
  for (const step of planScopeRoot({ image: spec.image, submounts, scratch, tmpfsSize: spec.tmpfsSize })) {
    applyMountStep(step);
  }
}

function attempt(what: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw WorkloadsError.from(error, 'SCOPE_SETUP_FAILED', `scope: ${what}`);
  }
}
