import type { CorpusOperation } from '@kubearmor/testkit';

/** Whether the guard can only tell of an operation, after it has happened. */
export function isOnlyTold(operation: CorpusOperation): boolean {
  switch (operation.do) {
    case 'rename':
    case 'link':
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
    case 'truncate':
    case 'chmod':
    case 'chown':
    case 'symlink':
    case 'mknod':
      return true;
    case 'exec':
      return operation.path.startsWith('memfd:');
    default:
      return false;
  }
}
