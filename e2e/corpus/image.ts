import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { skeleton, type Permissions, type RootEntry, type VirtualRoot } from '@kubearmor/testkit';
import { E2eError } from '../errors.ts';
import { places } from '../places.ts';

/** Where names of a root really are, and what is loaded by its programs. */
type Names = Pick<VirtualRoot, 'locate' | 'loaders'>;

const INTERPRETER_PLACE = Buffer.from('/actor-interpreter-place');
const INTERPRETER_BYTES = 256;

/** Makes the entries of a root, and the standard skeleton, below a directory. */
export function buildImage(directory: string, entries: ReadonlyMap<string, RootEntry>, names: Names): void {
  mkdirSync(directory, { recursive: true });
  new ImageBuilder(directory, names).add(new Map([...skeleton, ...entries]));
}

/** Makes or replaces entries in a root that exists. */
export function changeImage(directory: string, entries: ReadonlyMap<string, RootEntry>, names: Names): void {
  new ImageBuilder(directory, names).add(entries);
}

/** Which directories are to be mounted where. */
export function bindsOf(entries: ReadonlyMap<string, RootEntry>): readonly (readonly [string, string])[] {
  return [...entries].flatMap(([path, entry]) => (entry.kind === 'bind' ? [[entry.source, path] as const] : []));
}

class ImageBuilder {
  readonly #directory: string;
  readonly #names: Names;
  readonly #loaders: ReadonlySet<string>;

  constructor(directory: string, names: Names) {
    this.#directory = directory;
    this.#names = names;
    this.#loaders = names.loaders();
  }

  add(entries: ReadonlyMap<string, RootEntry>): void {
    // Links first, because other entries may lie beyond them; second names last, because they need the first.
    for (const kinds of [['link'], ['dir'], ['program', 'script', 'file'], ['hardlink', 'bind']]) {
      for (const [path, entry] of entries) if (kinds.includes(entry.kind)) this.#put(path, entry);
    }
  }

  #put(path: string, entry: RootEntry): void {
    const real = this.#real(path);
    mkdirSync(dirname(real), { recursive: true });
    switch (entry.kind) {
      case 'link':
        rmSync(real, { recursive: true, force: true });
        symlinkSync(entry.target, real);
        return;
      case 'dir':
        mkdirSync(real, { recursive: true });
        this.#permit(real, entry);
        return;
      case 'program':
        this.#copyProgram(real, this.#isLoader(path), entry.loader);
        this.#permit(real, entry);
        return;
      case 'script':
        writeFileSync(real, `#!${entry.interpreter}\n`);
        this.#permit(real, entry);
        return;
      case 'file':
        writeFileSync(real, entry.content);
        this.#permit(real, entry);
        return;
      case 'hardlink':
        linkSync(`${this.#directory}${this.#names.locate(entry.target, true).rootPath}`, real);
        return;
      case 'bind':
        mkdirSync(real, { recursive: true });
        return;
    }
  }

  #real(path: string): string {
    const { rootPath } = this.#names.locate(dirname(path), true);
    return `${this.#directory}${rootPath === '/' ? '' : rootPath}/${basename(path)}`;
  }

  #isLoader(path: string): boolean {
    return this.#loaders.has(this.#names.locate(path, true).path);
  }

  #copyProgram(to: string, isLoader: boolean, loader: string | undefined): void {
    // A running program cannot be written to, and a second name must not be.
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) rmSync(to);
    if (isLoader) copyFileSync(places.loader, to);
    else if (loader === undefined) copyFileSync(places.actor, to);
    else writeFileSync(to, dynamicActor(loader));
  }

  #permit(path: string, { uid, mode }: Permissions): void {
    chownSync(path, uid, 0);
    chmodSync(path, mode);
  }
}

function dynamicActor(loader: string): Buffer {
  const program = readFileSync(places.dynamicActor);
  const at = program.indexOf(INTERPRETER_PLACE);
  const name = Buffer.from(loader);
  if (at < 0 || name.length >= INTERPRETER_BYTES) throw new E2eError('E2E_NOT_READY', `expected a place for the loader ${loader}`);
  program.fill(0, at, at + INTERPRETER_BYTES);
  name.copy(program, at);
  return program;
}
