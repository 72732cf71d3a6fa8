import type { CorpusOperation } from '@kubearmor/testkit';

/** Calls that raise no event before they happen. */
const CHANGES = new Set<string>([
  'rename',
  'link',
  'unlink',
  'mkdir',
  'rmdir',
  'truncate',
  'chmod',
  'chown',
  'symlink',
  'mknod',
]);

/** Whether the guard can only tell of an operation, after it has happened. */
export function isOnlyTold(operation: CorpusOperation): boolean {
  return CHANGES.has(operation.do) || (operation.do === 'exec' && operation.path.startsWith('memfd:'));
}
