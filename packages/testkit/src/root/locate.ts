import { TestkitError } from '../errors.js';
import type { DirectoryNode, Node } from './node.js';

/** Where a path leads to. */
export interface Location {
  /** The real path, by the mounts that were crossed. */
  readonly path: string;
  /** The real path that the file has in the root, without any bind mount. */
  readonly rootPath: string;
  /** Nothing: there is no such file. */
  readonly node: Node | undefined;
  /** The deepest directory that exists on the way. */
  readonly directory: DirectoryNode;
  /** Whether only the last component is missing, if anything is. */
  readonly canBeCreated: boolean;
}

interface Step {
  readonly directory: DirectoryNode;
  readonly path: string;
  readonly rootPath: string;
}

const maxLinks = 40;

/** Walks an absolute path as the kernel does. Without `followLast` a link at the end is what is found. */
export function locate(root: DirectoryNode, path: string, followLast: boolean): Location {
  if (!path.startsWith('/')) throw new TestkitError('ROOT_INVALID', `expected an absolute path, got ${path}`);
  const steps: Step[] = [{ directory: root, path: '', rootPath: '' }];
  const pending = componentsOf(path);
  for (let links = 0; pending.length > 0;) {
    const here = steps.at(-1) ?? { directory: root, path: '', rootPath: '' };
    const name = pending.shift() ?? '.';
    if (name === '.') continue;
    if (name === '..') {
      if (steps.length > 1) steps.pop();
      continue;
    }
    const node = contentOf(here.directory).get(name);
    const at = { path: `${here.path}/${name}`, rootPath: `${here.rootPath}/${name}` };
    if (node?.kind === 'link' && (pending.length > 0 || followLast)) {
      if (++links > maxLinks)
        throw new TestkitError('ROOT_INVALID', `expected no circle of links, got one at ${path}`);
      if (node.target.startsWith('/')) steps.splice(1);
      pending.unshift(...componentsOf(node.target));
    } else if (node?.kind === 'dir') {
      steps.push({ directory: node, path: at.path, rootPath: node.mounted?.source ?? at.rootPath });
    } else {
      return ending(here, at, node, pending);
    }
  }
  return ofDirectory(steps.at(-1), root);
}

/** What is seen in a directory: its own content, or that of what is mounted on it. */
export function contentOf(directory: DirectoryNode): Map<string, Node> {
  return (directory.mounted?.directory ?? directory).children;
}

function ending(
  { directory }: Step,
  at: Pick<Location, 'path' | 'rootPath'>,
  node: Node | undefined,
  rest: readonly string[],
): Location {
  const missing = rest.map((name) => `/${name}`).join('');
  return {
    path: at.path + missing,
    rootPath: at.rootPath + missing,
    node: rest.length === 0 ? node : undefined,
    directory: directory.mounted?.directory ?? directory,
    canBeCreated: rest.length === 0,
  };
}

function ofDirectory(step: Step | undefined, root: DirectoryNode): Location {
  const directory = step?.directory ?? root;
  const seen = directory.mounted?.directory ?? directory;
  return {
    path: step?.path === undefined || step.path === '' ? '/' : step.path,
    rootPath: step?.rootPath === undefined || step.rootPath === '' ? '/' : step.rootPath,
    node: seen,
    directory: seen,
    canBeCreated: true,
  };
}

function componentsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
