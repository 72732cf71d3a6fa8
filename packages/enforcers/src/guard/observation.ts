import type { RuleSet } from '@kubearmor/policy';

/** A system call that changes files and raises no permission event: which arguments are its paths. */
export interface ObservedCall {
  readonly name: string;
  /** Arguments of each path: the directory descriptor, if it has one, and the string. */
  readonly paths: readonly { readonly dirFd?: number; readonly path: number }[];
  /** Whether files have other names afterwards. */
  readonly isRenaming: boolean;
  /** Whether everything below the path is affected. */
  readonly isSubtree?: boolean;
}

/** The system calls that the guard can see but not stop. */
export const OBSERVED_CALLS: readonly ObservedCall[] = [
  { name: 'unlink', paths: [{ path: 0 }], isRenaming: false },
  { name: 'unlinkat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false },
  { name: 'rmdir', paths: [{ path: 0 }], isRenaming: false },
  { name: 'mkdir', paths: [{ path: 0 }], isRenaming: false },
  { name: 'mkdirat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false },
  { name: 'mknod', paths: [{ path: 0 }], isRenaming: false },
  { name: 'mknodat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false },
  { name: 'symlink', paths: [{ path: 1 }], isRenaming: false },
  { name: 'symlinkat', paths: [{ dirFd: 1, path: 2 }], isRenaming: false },
  { name: 'truncate', paths: [{ path: 0 }], isRenaming: false },
  { name: 'chmod', paths: [{ path: 0 }], isRenaming: false },
  { name: 'fchmodat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false },
  { name: 'chown', paths: [{ path: 0 }], isRenaming: false },
  { name: 'lchown', paths: [{ path: 0 }], isRenaming: false },
  { name: 'fchownat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false },
  { name: 'rename', paths: [{ path: 0 }, { path: 1 }], isRenaming: true, isSubtree: true },
  {
    name: 'renameat',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
    isSubtree: true,
  },
  {
    name: 'renameat2',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
    isSubtree: true,
  },
  { name: 'link', paths: [{ path: 0 }, { path: 1 }], isRenaming: true },
  {
    name: 'linkat',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
  },
  { name: 'mount', paths: [{ path: 1 }], isRenaming: true, isSubtree: true },
  { name: 'move_mount', paths: [{ dirFd: 2, path: 3 }], isRenaming: true, isSubtree: true },
];

/** Whether a rule set has rules that such calls can break: only then are they watched. */
export function needsObservation(ruleSet: RuleSet): boolean {
  return ruleSet.rules.some((rule) => rule.kind === 'file');
}
