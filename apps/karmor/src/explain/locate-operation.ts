import type { ExecLink, FileObject, Operation, Subject } from '@kubearmor/policy';
import { KarmorError } from '../errors.js';
import type { WorkloadRoot } from '../root/workload-root.js';
import { SOCKETS, type AskedOperation, type AskedSubject } from './asked-operation.js';

const MAX_INTERPRETERS = 5;
/** Where a name without a directory is looked for. */
const SEARCH_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The operation that is asked about, with what it would open in that root. Throws OBJECT_MISSING. */
export function locateOperation(asked: AskedOperation, who: AskedSubject, root: WorkloadRoot): Operation {
  const subject = locateSubject(who, root);
  switch (asked.kind) {
    case 'exec':
      return locateExec(asked, subject, root);
    case 'open':
      return { kind: 'file', subject, access: asked.access, objects: [locateFile(asked, root)] };
    case 'connect': {
      const { family, type, protocol } = SOCKETS[asked.protocol];
      return {
        kind: 'network',
        subject,
        family: asked.isInet6 && family === 'inet' ? 'inet6' : family,
        type,
        protocol,
      };
    }
    case 'capability':
      return { kind: 'capabilities', subject, capability: asked.name };
    case 'lookup':
      return { kind: 'dns', subject, domain: asked.domain };
  }
}

function locateSubject({ from, parent, uid, hasTty }: AskedSubject, { resolver }: WorkloadRoot): Subject {
  const exe = resolver.resolve(from) ?? from;
  const parentExe = parent === undefined ? exe : (resolver.resolve(parent) ?? parent);
  return { exe, parentExe, fsUid: uid, hasTty };
}

function locateExec(
  { path, args }: Extract<AskedOperation, { readonly kind: 'exec' }>,
  subject: Subject,
  root: WorkloadRoot,
): Operation {
  const named = search(path, root);
  const requestedPath = root.resolver.resolveParent(named) ?? named;
  return {
    kind: 'exec',
    subject,
    requestedPath,
    argv: [path, ...args],
    links: linksOf(named, 'program', root, 0),
  };
}

/** A program with what the kernel loads for it: interpreters, then the loader. */
function linksOf(
  path: string,
  role: 'program' | 'interpreter',
  root: WorkloadRoot,
  depth: number,
): readonly ExecLink[] {
  const link = linkAt(path, role, root);
  const header = root.header(link.path);
  if (header.kind === 'script' && depth < MAX_INTERPRETERS) {
    return [link, ...linksOf(header.interpreter, 'interpreter', root, depth + 1)];
  }
  const loader = header.kind === 'elf' ? header.loader : undefined;
  return loader === undefined ? [link] : [link, linkAt(loader, 'loader', root)];
}

function linkAt(path: string, role: ExecLink['role'], root: WorkloadRoot): ExecLink {
  const object = existingFile(path, root);
  const requested = root.resolver.resolveParent(path);
  if (role === 'program' || requested === undefined || requested === object.path) return { ...object, role };
  return { ...object, role, requestedPath: requested };
}

function locateFile(
  { path, access }: Extract<AskedOperation, { readonly kind: 'open' }>,
  root: WorkloadRoot,
): FileObject {
  const { resolver } = root;
  const real = resolver.resolve(path) ?? path;
  const isThere = resolver.ownerUid(real) !== undefined;
  if (isThere || !access.includes('write')) return existingFile(path, root);
  // It would be created: the directory's owner is the one that counts.
  const directory = real.slice(0, real.lastIndexOf('/')) || '/';
  const ownerUid = resolver.ownerUid(directory);
  if (ownerUid === undefined) throw missing(path, 'a file, or a directory to create it in');
  return { path: real, ownerUid };
}

function existingFile(path: string, { resolver }: WorkloadRoot): FileObject {
  const real = resolver.resolve(path);
  const ownerUid = real === undefined ? undefined : resolver.ownerUid(real);
  if (real === undefined || ownerUid === undefined) throw missing(path, 'a file');
  const fileId = resolver.fileId(real);
  return { path: real, ownerUid, ...(fileId === undefined ? {} : { fileId }) };
}

function search(path: string, { resolver }: WorkloadRoot): string {
  if (path.startsWith('/')) return path;
  const found = SEARCH_PATH.map((directory) => `${directory}/${path}`).find(
    (candidate) => resolver.fileId(candidate) !== undefined,
  );
  if (found !== undefined) return found;
  throw missing(path, `an absolute path, or the name of a program in ${SEARCH_PATH.join(':')}`);
}

function missing(path: string, expected: string): KarmorError {
  return new KarmorError('OBJECT_MISSING', `${path}: expected ${expected} in the workload's root, got none`);
}
