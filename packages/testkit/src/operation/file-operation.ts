import type { FileObject, FileOperation, Subject } from '@kubearmor/policy';
import type { OpenRequest, PathCall, PathRequest, TwoPathRequest } from '../corpus/corpus-operation.js';
import { TestkitError } from '../errors.js';
import type { Location } from '../root/locate.js';
import type { VirtualRoot } from '../root/virtual-root.js';
import { toFileObject } from './file-object.js';

/** One open; by a dynamic loader it is an exec too. */
export function toOpenOperation(request: OpenRequest, subject: Subject, root: VirtualRoot): FileOperation {
  const { path, flags } = request;
  const location = root.locate(path, !flags.includes('excl'));
  const isCreated = location.node === undefined;
  if (isCreated && !(flags.includes('creat') && location.canBeCreated)) throw noSuchFile(path);
  const isTemporary = flags.includes('tmpfile');
  const isWrite = isCreated || isTemporary || flags.includes('trunc') || !flags.includes('rdonly');
  const access: FileOperation['access'] = flags.includes('wronly')
    ? ['write']
    : isWrite
      ? ['read', 'write']
      : ['read'];
  const object = isTemporary ? temporaryFile(location.path, subject) : toFileObject(location);
  const operation = { kind: 'file', subject, access, objects: [object] } as const;
  if (!root.loaders().has(subject.exe)) return operation;
  const argv = request.argv?.slice(1) ?? [path];
  return { ...operation, byLoader: true, argv };
}

/** A rename or a link: both are writes to both names. */
export function toTwoPathOperation(
  { do: call, from, to }: TwoPathRequest,
  subject: Subject,
  root: VirtualRoot,
): FileOperation {
  const source = root.locate(from, false);
  if (source.node === undefined) throw noSuchFile(from);
  const objects = [toFileObject(source), toFileObject(target(to, root))];
  const isSubtree = call === 'rename' && source.node.kind === 'dir';
  return { kind: 'file', subject, access: ['write'], objects, ...(isSubtree ? { subtree: true } : {}) };
}

/** A call on one path. Those that make or remove a name do not follow a link at its end. */
export function toPathOperation(request: PathRequest, subject: Subject, root: VirtualRoot): FileOperation {
  const { do: call, path } = request;
  const location = root.locate(path, follows(call));
  const isMade = call === 'mkdir' || call === 'mknod' || call === 'symlink';
  if (isMade ? location.node !== undefined || !location.canBeCreated : location.node === undefined) {
    throw new TestkitError(
      'NO_SUCH_FILE',
      `expected ${isMade ? 'a new' : 'an existing'} name for ${call}, got ${path}`,
    );
  }
  const isSubtree = call === 'rmdir';
  const objects = [toFileObject(location)];
  return { kind: 'file', subject, access: ['write'], objects, ...(isSubtree ? { subtree: true } : {}) };
}

function follows(call: PathCall): boolean {
  return call === 'truncate' || call === 'chmod' || call === 'chown';
}

function target(path: string, root: VirtualRoot): Location {
  const location = root.locate(path, false);
  if (!location.canBeCreated) throw noSuchFile(path);
  return location;
}

function temporaryFile(directory: string, { fsUid }: Subject): FileObject {
  return { path: `${directory}/#1 (deleted)`, ownerUid: fsUid, anonymous: true };
}

function noSuchFile(path: string): TestkitError {
  return new TestkitError(
    'NO_SUCH_FILE',
    `expected a file in the root, or a flag or directory to create it, got ${path}`,
  );
}
