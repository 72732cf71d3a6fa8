import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Where systemd looks for files of units; of two by one name, the first counts. */
export const UNIT_DIRECTORIES: readonly string[] = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.attached',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** A service that there is a file for. */
export interface ServiceFile {
  readonly name: string;
  /** Whether the file, or one that adds to it, says which slice the service is in. */
  readonly setsSlice: boolean;
}

/**
 * The services that systemd has files for, started or not: without templates, further names and what is masked. Read here
 * and not asked of systemd, which starts nothing while it goes through hundreds of files.
 */
export async function readServiceFiles(
  directories: readonly string[] = UNIT_DIRECTORIES,
): Promise<readonly ServiceFile[]> {
  const files = new Map<string, ServiceFile | undefined>();
  const moved: string[] = [];
  for (const directory of directories) {
    for (const entry of await list(directory)) {
      const path = join(directory, entry);
      if (/^(.*\.)?service\.d$/.test(entry)) {
        if (await someSetSlice(path)) moved.push(entry.slice(0, -'.d'.length));
      } else if (entry.endsWith('.service') && !entry.includes('@.') && !files.has(entry))
        files.set(entry, await readService(path, entry));
    }
  }
  return [...files.values()]
    .filter((file) => file !== undefined)
    .map((file) => ({ ...file, setsSlice: file.setsSlice || moved.some((stem) => addsTo(stem, file.name)) }));
}

async function readService(path: string, name: string): Promise<ServiceFile | undefined> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined && !isSameService(basename(target), name)) return undefined;
  const text = await readFile(path, 'utf8').catch(() => '');
  return { name, setsSlice: setsSlice(text) };
}

// An instance may be a link to its template; any other name is that of another service, or of nothing.
function isSameService(target: string, name: string): boolean {
  return target === name || target === name.replace(/@.*\./, '@.');
}

async function someSetSlice(directory: string): Promise<boolean> {
  for (const entry of await list(directory)) {
    if (!entry.endsWith('.conf')) continue;
    if (setsSlice(await readFile(join(directory, entry), 'utf8').catch(() => ''))) return true;
  }
  return false;
}

function setsSlice(text: string): boolean {
  return /^\s*Slice\s*=/m.test(text);
}

// Files that add to a service are called like it, like its template, like the beginning of its name up to a dash, or
// `service`.
function addsTo(stem: string, name: string): boolean {
  if (stem === 'service' || stem === name) return true;
  return /[-@]\.service$/.test(stem) && name.startsWith(stem.slice(0, -'.service'.length));
}

async function list(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
