import type { FileObject } from '@kubearmor/policy';
import type { GuardedWorkload } from '../guarded-workload.js';
import type { ObservedCall } from './observation.js';
import { absolutePath } from '../judge/requested-path.js';
import type { SyscallEvent } from './ring-event.js';

const AT_FDCWD = -100n;
const UNKNOWN_OWNER = -1;

/** Where a workload's files are, and the names that they have there. */
type Names = Pick<GuardedWorkload, 'resolver' | 'mounts'>;

/** What a call has changed, by the caller's own strings, looked up after the fact: good enough to tell, never to decide. */
export function changedObjects(
  names: Names,
  tid: number,
  call: ObservedCall,
  { args, strings }: Pick<SyscallEvent, 'args' | 'strings'>,
): readonly FileObject[] {
  const paths = call.paths.map(({ dirFd }, index) => {
    const fd = Number(BigInt.asIntN(32, dirFd === undefined ? AT_FDCWD : (args[dirFd] ?? AT_FDCWD)));
    return locate(names, absolutePath(tid, fd, strings[index] ?? ''), call.isFollowed === true);
  });
  // What was renamed or linked is found under its last name only.
  const fileId = paths.map((path) => identity(names, path)).findLast((id) => id !== undefined);
  return paths.map((path, index) => {
    const isMade = call.isMaking === true && index === paths.length - 1;
    const name = names.mounts.firstName(path);
    return {
      path: name,
      ownerUid: call.isChangingOwner === true ? UNKNOWN_OWNER : ownerOf(names, isMade ? parent(path) : path),
      ...(name === path ? {} : { otherNames: [path] }),
      ...(fileId === undefined ? {} : { fileId }),
    };
  });
}

/** Whether a call has changed everything below its path. */
export function isSubtree({ isSubtree, subtreeFlag }: ObservedCall, args: readonly bigint[]): boolean {
  if (subtreeFlag === undefined) return isSubtree === true;
  return (Number(args[subtreeFlag.argument] ?? 0n) & subtreeFlag.bit) !== 0;
}

function locate({ resolver }: Names, path: string, isFollowed: boolean): string {
  return (isFollowed ? resolver.resolve(path) : resolver.resolveParent(path)) ?? path;
}

// Of a symbolic link only the name counts: its target was not touched.
function identity({ resolver }: Names, path: string): string | undefined {
  return resolver.resolve(path) === path ? resolver.fileId(path) : undefined;
}

function ownerOf({ resolver }: Names, path: string): number {
  return resolver.ownerUid(path) ?? UNKNOWN_OWNER;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
