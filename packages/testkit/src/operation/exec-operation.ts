import type { ExecLink, ExecOperation, Subject } from '@kubearmor/policy';
import type { ExecRequest } from '../corpus/corpus-operation.js';
import { TestkitError } from '../errors.js';
import type { VirtualRoot } from '../root/virtual-root.js';
import { toFileObject } from './file-object.js';

/** As many interpreters may follow one another; the kernel gives up earlier. */
const maxInterpreters = 5;

/** One `execve` with everything that it opens. */
export function toExecOperation(request: ExecRequest, subject: Subject, root: VirtualRoot): ExecOperation {
  const { path, cwd, argv } = request;
  if (isNameless(path)) {
    const link: ExecLink = { role: 'program', path, ownerUid: subject.fsUid, anonymous: true };
    return { kind: 'exec', subject, requestedPath: path, argv, links: [link] };
  }
  const requestedPath = root.locate(path, false, cwd).path;
  return { kind: 'exec', subject, requestedPath, argv, links: linksOf(requestedPath, 'program', root, 0) };
}

function isNameless(path: string): boolean {
  return path.startsWith('memfd:') || path.startsWith('(deleted) ');
}

function linksOf(
  path: string,
  role: 'program' | 'interpreter',
  root: VirtualRoot,
  depth: number,
): readonly ExecLink[] {
  const link = linkAt(path, role, root);
  const { node } = root.locate(path, true);
  if (node?.kind === 'program') {
    return node.loader === undefined ? [link] : [link, linkAt(node.loader, 'loader', root)];
  }
  if (node?.kind !== 'script') {
    throw new TestkitError(
      'NO_SUCH_FILE',
      `expected a program or script, got ${node?.kind ?? 'nothing'} at ${path}`,
    );
  }
  if (depth < maxInterpreters) return [link, ...linksOf(node.interpreter, 'interpreter', root, depth + 1)];
  throw new TestkitError(
    'ROOT_INVALID',
    `expected at most ${maxInterpreters} interpreters, got more at ${path}`,
  );
}

/** The caller names the program, in the operation; what the program itself names is known here alone. */
function linkAt(path: string, role: ExecLink['role'], root: VirtualRoot): ExecLink {
  const location = root.locate(path, true);
  const object = toFileObject(location);
  const requested = root.locate(path, false).path;
  if (role === 'program' || requested === location.path) return { ...object, role };
  return { ...object, role, requestedPath: requested };
}
