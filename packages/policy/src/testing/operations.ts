import type { ExecLink, ExecOperation, FileObject, FileOperation, Subject } from '../decide/operation.js';
import { actor } from './policies.js';

/** A file that root owns. */
export function file(path: string, more: Partial<FileObject> = {}): FileObject {
  return { path, ownerUid: 0, ...more };
}

/** An open for reading. */
export function read(path: string, subject: Subject = actor, more: Partial<FileObject> = {}): FileOperation {
  return { kind: 'file', subject, access: ['read'], objects: [file(path, more)] };
}

/** An open for writing. */
export function write(path: string, subject: Subject = actor, more: Partial<FileObject> = {}): FileOperation {
  return { ...read(path, subject, more), access: ['write'] };
}

/** An exec of one program that is asked for by the given name. */
export function exec(
  path: string,
  argv: readonly string[] = [path],
  more: Partial<ExecOperation> = {},
): ExecOperation {
  return { kind: 'exec', subject: actor, requestedPath: path, argv, links: [program(path)], ...more };
}

/** The program of an exec. */
export function program(path: string, more: Partial<ExecLink> = {}): ExecLink {
  return { role: 'program', path, ownerUid: 0, ...more };
}
