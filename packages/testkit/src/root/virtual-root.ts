import type { Executable, Resolver } from '@kubearmor/policy';
import type { RootEntry } from '../corpus/root-entry.js';
import { TestkitError } from '../errors.js';
import type { Location } from './locate.js';
import { contentOf, locate } from './locate.js';
import type { DirectoryNode, Identity, Node } from './node.js';
import { skeleton, standardDirectories } from './skeleton.js';

/** A workload's root in memory, with links, hard links and bind mounts: a `Resolver` without a file system. */
export class VirtualRoot implements Resolver {
  readonly #root: DirectoryNode;
  #nextInode = 1;

  /** The standard skeleton and `entries`; directories on the way to an entry are made. */
  constructor(entries: ReadonlyMap<string, RootEntry>) {
    this.#root = this.#directory(0, 0o755);
    this.add(skeleton);
    this.add(entries);
  }

  /** Adds or replaces entries. */
  add(entries: ReadonlyMap<string, RootEntry>): void {
    const kinds: readonly (readonly RootEntry['kind'][])[] = [
      ['link'],
      ['dir', 'program', 'script', 'file'],
      ['hardlink'],
      ['bind'],
    ];
    // Links first, because other entries may lie beyond them; second names last, because they need the first.
    for (const wanted of kinds) {
      for (const [path, entry] of entries) if (wanted.includes(entry.kind)) this.#put(path, entry);
    }
  }

  /** Where a path leads to; a relative one from `cwd`. */
  locate(path: string, followLast: boolean, cwd = '/'): Location {
    return locate(this.#root, path.startsWith('/') ? path : `${cwd}/${path}`, followLast);
  }

  resolve(path: string): string | undefined {
    return path.startsWith('/') ? locate(this.#root, path, true).path : undefined;
  }

  resolveParent(path: string): string | undefined {
    return path.startsWith('/') ? locate(this.#root, path, false).path : undefined;
  }

  fileId(path: string): string | undefined {
    return path.startsWith('/') ? locate(this.#root, path, false).node?.id : undefined;
  }

  executables(): readonly Executable[] {
    return standardDirectories.flatMap((directory) => {
      const { path, node } = locate(this.#root, directory, true);
      if (path !== directory || node?.kind !== 'dir') return [];
      return [...contentOf(node).keys()].flatMap((name) => this.#executable(`${directory}/${name}`));
    });
  }

  /** Real paths of what programs of this root name as their loader. */
  loaders(): ReadonlySet<string> {
    const paths = [...programsBelow(this.#root)].flatMap(({ loader }) => loader ?? []);
    return new Set(paths.map((path) => locate(this.#root, path, true).path));
  }

  #executable(name: string): readonly Executable[] {
    const { path, node } = locate(this.#root, name, true);
    return node?.kind === 'program' || node?.kind === 'script' ? [{ name, target: path }] : [];
  }

  #put(path: string, entry: RootEntry): void {
    const at = path.lastIndexOf('/');
    const siblings = contentOf(this.#makeDirectory(path.slice(0, at)));
    const name = path.slice(at + 1);
    switch (entry.kind) {
      case 'dir':
        this.#putDirectory(siblings, name, entry.uid, entry.mode);
        break;
      case 'program':
        siblings.set(name, { ...this.#identity(entry), kind: 'program', loader: entry.loader });
        break;
      case 'script':
        siblings.set(name, { ...this.#identity(entry), kind: 'script', interpreter: entry.interpreter });
        break;
      case 'file':
        siblings.set(name, { ...this.#identity(entry), kind: 'file', content: entry.content });
        break;
      case 'link':
        siblings.set(name, {
          ...this.#identity({ uid: 0, mode: 0o777 }),
          kind: 'link',
          target: entry.target,
        });
        break;
      case 'hardlink':
        siblings.set(name, this.#existing(entry.target));
        break;
      case 'bind':
        this.#mount(path, entry.source);
        break;
    }
  }

  #putDirectory(siblings: Map<string, Node>, name: string, uid: number, mode: number): void {
    const directory = this.#directory(uid, mode);
    const before = siblings.get(name);
    if (before?.kind === 'dir')
      for (const [child, node] of before.children) directory.children.set(child, node);
    siblings.set(name, directory);
  }

  #mount(path: string, source: string): void {
    const directory = this.#existing(source);
    if (directory.kind !== 'dir') {
      throw new TestkitError('ROOT_INVALID', `${path}: expected a directory to bind, got ${source}`);
    }
    this.#makeDirectory(path).mounted = { directory, source: locate(this.#root, source, true).rootPath };
  }

  #existing(path: string): Node {
    const { node } = locate(this.#root, path, true);
    if (node === undefined)
      throw new TestkitError('NO_SUCH_FILE', `expected a file in the root, got ${path}`);
    return node;
  }

  /** The directory at a path, made with all above it where there is none. */
  #makeDirectory(path: string): DirectoryNode {
    let directory = this.#root;
    const made: string[] = [];
    for (const name of path.split('/').slice(1)) {
      made.push(name);
      const { node } = locate(this.#root, `/${made.join('/')}`, true);
      if (node !== undefined && node.kind !== 'dir') {
        throw new TestkitError('ROOT_INVALID', `expected a directory, got the file /${made.join('/')}`);
      }
      const child = node ?? this.#directory(0, 0o755);
      if (node === undefined) contentOf(directory).set(name, child);
      directory = child;
    }
    return directory;
  }

  #directory(uid: number, mode: number): DirectoryNode {
    return { ...this.#identity({ uid, mode }), kind: 'dir', children: new Map(), mounted: undefined };
  }

  #identity({ uid, mode }: Omit<Identity, 'id'>): Identity {
    return { id: `1:${this.#nextInode++}`, uid, mode };
  }
}

function* programsBelow(directory: DirectoryNode): Generator<Extract<Node, { kind: 'program' }>> {
  for (const node of directory.children.values()) {
    if (node.kind === 'program') yield node;
    else if (node.kind === 'dir') yield* programsBelow(node);
  }
}
