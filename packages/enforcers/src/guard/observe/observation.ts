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
  /** The argument and the bit in it that say that a directory is removed. */
  readonly subtreeFlag?: { readonly argument: number; readonly bit: number };
  /** Whether a link at the end of the path is followed. */
  readonly isFollowed?: boolean;
  /** Whether the last path is a name that the call makes. */
  readonly isMaking?: boolean;
  /** Whether the owner is another one afterwards. */
  readonly isChangingOwner?: boolean;
}

const AT_REMOVEDIR = 0x200;

/** The system calls that the guard can see but not stop. */
export const OBSERVED_CALLS: readonly ObservedCall[] = [
  { name: 'unlink', paths: [{ path: 0 }], isRenaming: false },
  {
    name: 'unlinkat',
    paths: [{ dirFd: 0, path: 1 }],
    isRenaming: false,
    subtreeFlag: { argument: 2, bit: AT_REMOVEDIR },
  },
  { name: 'rmdir', paths: [{ path: 0 }], isRenaming: false, isSubtree: true },
  { name: 'mkdir', paths: [{ path: 0 }], isRenaming: false, isMaking: true },
  { name: 'mkdirat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false, isMaking: true },
  { name: 'mknod', paths: [{ path: 0 }], isRenaming: false, isMaking: true },
  { name: 'mknodat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false, isMaking: true },
  { name: 'symlink', paths: [{ path: 1 }], isRenaming: false, isMaking: true },
  { name: 'symlinkat', paths: [{ dirFd: 1, path: 2 }], isRenaming: false, isMaking: true },
  { name: 'truncate', paths: [{ path: 0 }], isRenaming: false, isFollowed: true },
  { name: 'chmod', paths: [{ path: 0 }], isRenaming: false, isFollowed: true },
  { name: 'fchmodat', paths: [{ dirFd: 0, path: 1 }], isRenaming: false, isFollowed: true },
  { name: 'chown', paths: [{ path: 0 }], isRenaming: false, isFollowed: true, isChangingOwner: true },
  { name: 'lchown', paths: [{ path: 0 }], isRenaming: false, isChangingOwner: true },
  {
    name: 'fchownat',
    paths: [{ dirFd: 0, path: 1 }],
    isRenaming: false,
    isFollowed: true,
    isChangingOwner: true,
  },
  { name: 'rename', paths: [{ path: 0 }, { path: 1 }], isRenaming: true, isSubtree: true, isMaking: true },
  {
    name: 'renameat',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
    isSubtree: true,
    isMaking: true,
  },
  {
    name: 'renameat2',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
    isSubtree: true,
    isMaking: true,
  },
  { name: 'link', paths: [{ path: 0 }, { path: 1 }], isRenaming: true, isMaking: true },
  {
    name: 'linkat',
    paths: [
      { dirFd: 0, path: 1 },
      { dirFd: 2, path: 3 },
    ],
    isRenaming: true,
    isMaking: true,
  },
  { name: 'mount', paths: [{ path: 1 }], isRenaming: true, isSubtree: true },
  { name: 'move_mount', paths: [{ dirFd: 2, path: 3 }], isRenaming: true, isSubtree: true },
];

/** Whether a rule set has rules that such calls can break: only then are they watched. */
export function needsObservation(ruleSet: RuleSet): boolean {
  return ruleSet.rules.some((rule) => rule.kind === 'file');
}
