import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { command } from '../command.ts';

// What stands between an empty initial file system and the machine's root under an overlay, and the port for output.
const WANTED = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console'];

/** A kernel module, ready for insmod. */
export interface BootModule {
  readonly name: string;
  readonly content: Buffer;
}

/** The modules that a boot needs, in the order of loading. `root` holds lib/modules/RELEASE with its modules.dep. */
export function bootModules(root: string, release: string): readonly BootModule[] {
  const files = WANTED.flatMap((name) => filesOf(root, release, name));
  return [...new Set(files)].map((file) => ({
    name: basename(file).replace(/\.(xz|zst)$/, ''),
    content: contentOf(file),
  }));
}

function filesOf(root: string, release: string, name: string): readonly string[] {
  const lines = command(['modprobe', '-d', root, '-S', release, '--show-depends', name])
    .toString()
    .split('\n');
  return lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
}

function contentOf(file: string): Buffer {
  if (file.endsWith('.xz')) return command(['xz', '-dc', file]);
  if (file.endsWith('.zst')) return command(['zstd', '-dcq', file]);
  return readFileSync(file);
}
