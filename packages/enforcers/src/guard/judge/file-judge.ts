import { openFlags } from '@kubearmor/kernel';
import { decide, isSettled, type Decision, type FileObject } from '@kubearmor/policy';
import type { Opening } from './blocked-call.js';
import { countingAgainst } from './counting-against.js';
import type { SeenFile } from './file-view.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import { loadedArguments } from './loaded-arguments.js';
import type { Task } from './task.js';

type Access = readonly ('read' | 'write')[];

// Before glibc 2.34 its version is part of its name.
const LOADER_NAME = /^ld(-linux[^/]*|-musl[^/]*|64|-\d[\d.]*)?\.so(\.\d+)?$/;
const READ_WRITE: Access = ['read', 'write'];

/** What the rules of one workload say of the file of a permission event. */
export class FileJudge {
  readonly #writesByIoUring: (tgid: number) => boolean;

  constructor(writesByIoUring: (tgid: number) => boolean) {
    this.#writesByIoUring = writesByIoUring;
  }

  /** Decides an open. */
  decideOpen(
    workload: GuardedWorkload,
    task: Task,
    seen: SeenFile,
    opening: Opening,
    isNew: boolean,
  ): Decision {
    const access = opening.isSure ? accessOf(opening.flags, isNew) : READ_WRITE;
    const decision = this.#decideAccess(workload, task, seen, access);
    if (decision.verdict === 'deny' || !workload.hasReadOnly || access.includes('write')) return decision;
    const ifWritten = this.#decideAccess(workload, task, seen, READ_WRITE);
    return ifWritten.verdict === 'deny' && this.#mayWriteUnseen(task) ? ifWritten : decision;
  }

  /** Whether nobody has to be asked about the file again until rules or names change. */
  canForget(workload: GuardedWorkload, { object, against, links }: SeenFile): boolean {
    if (!workload.canForgetFiles || object.anonymous === true || object.otherNames !== undefined)
      return false;
    return against.length === 0 && links === 1 && isSettled(workload.bound, object);
  }

  /** A decision, and what the file's further names say against it. */
  alsoAgainst(
    workload: GuardedWorkload,
    { object, against, links, fileId: file }: SeenFile,
    decision: Decision,
    under: (object: FileObject) => Decision,
  ): Decision {
    const linked = links > 1 ? workload.linkedNames.namesOf(file) : [];
    const { fileId, ownerUid } = object;
    const names = [...against, ...linked].filter((name) => name !== object.path);
    return countingAgainst(decision, names, (path, otherNames) =>
      under({ path, otherNames, ownerUid, ...(fileId === undefined ? {} : { fileId }) }),
    );
  }

  // The kernel may open a file for a task while that is in another call: for io_uring, and to dump its memory.
  #mayWriteUnseen(task: Task): boolean {
    return this.#writesByIoUring(task.tgid) || task.isDumping;
  }

  #decideAccess(workload: GuardedWorkload, task: Task, seen: SeenFile, access: Access): Decision {
    const byLoader =
      workload.loaders.has(task.exe) || LOADER_NAME.test(task.exe.slice(task.exe.lastIndexOf('/') + 1));
    const argv = byLoader && workload.verifiesRequests ? loadedArguments(task.argv) : [];
    const under = (object: FileObject): Decision =>
      decide(workload.bound, {
        kind: 'file',
        subject: task,
        access,
        objects: [object],
        ...(byLoader ? { byLoader, argv } : {}),
      });
    return this.alsoAgainst(workload, seen, under(seen.object), under);
  }
}

function accessOf(flags: number | undefined, isNew: boolean): Access {
  if (flags === undefined) return READ_WRITE;
  const { O_ACCMODE, O_RDONLY, O_RDWR, O_TRUNC } = openFlags();
  const mode = flags & O_ACCMODE;
  const isWritten = mode !== O_RDONLY || (flags & O_TRUNC) !== 0 || isNew;
  const isRead = mode === O_RDONLY || mode === O_RDWR;
  if (isRead && isWritten) return READ_WRITE;
  return isRead ? ['read'] : ['write'];
}
