import { E2eError } from '../errors.ts';
import type { CorpusCase, CorpusOperation } from '@kubearmor/testkit';

/** A case as the actor is told it: settings, then the operation. A subject that is a loader is told what to load. */
export function actorWords({ operation, subject }: CorpusCase, isLoader: boolean): readonly string[] {
  if (isLoader && operation.do === 'open') {
    return ['load', ...(operation.argv ?? [subject.exe, operation.path])];
  }
  const settings = [
    ...(operation.do === 'exec' && operation.cwd !== '/' ? [`cwd=${operation.cwd}`] : []),
    ...(subject.tty ? ['tty'] : []),
    ...(subject.uid === 0 ? [] : [`uid=${subject.uid}`]),
  ];
  return [...settings, ...operationWords(operation)];
}

function operationWords(operation: CorpusOperation): readonly string[] {
  switch (operation.do) {
    case 'exec':
      return ['exec', ...programWords(operation.path), ...operation.argv];
    case 'open':
      return ['open', 'openat', operation.flags.join(','), operation.path];
    case 'rename':
    case 'link':
      return [operation.do, operation.from, operation.to];
    case 'symlink':
      return ['symlink', operation.target, operation.path];
    case 'mkdir':
    case 'chmod':
      return [operation.do, operation.mode.toString(8), operation.path];
    case 'chown':
      return ['chown', String(operation.owner), operation.path];
    case 'unlink':
    case 'rmdir':
    case 'truncate':
    case 'mknod':
      return [operation.do, operation.path];
    case 'socket':
    case 'connect':
    case 'bind':
    case 'listen':
    case 'send':
      return [operation.do, operation.family, operation.type, String(operation.protocol)];
    case 'capability':
    case 'dns':
    case 'syscall':
    case 'device':
    case 'preset':
      throw new E2eError('E2E_SCOPE', `expected an operation of the actor, got ${operation.do}`);
  }
}

function programWords(path: string): readonly [method: string, path: string] {
  if (path.startsWith('memfd:')) return ['memfd', path.slice('memfd:'.length)];
  if (path.startsWith('(deleted) ')) return ['deleted', path.slice('(deleted) '.length)];
  return ['execve', path];
}
