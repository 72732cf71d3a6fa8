import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { command } from '../command.ts';
import { VmError } from '../errors.ts';
import { places } from '../places.ts';
import { bootModules } from './boot-modules.ts';
import { KernelArchive } from './kernel-archive.ts';
import { uncompressedImage } from './uncompressed-image.ts';

/** A kernel that can be booted. */
export interface PreparedKernel {
  /** As uname says it. */
  readonly release: string;
  /** Holds `vmlinux`, `config`, `boot/` (modules for the initrd) and `lib/modules`. */
  readonly directory: string;
}

/**
 * Gives a kernel by its version, such as `6.1`, or `newest`. It is fetched and unpacked once and then stays as it is: that the
 * archive has a newer one changes nothing until its folder under build/vm is removed.
 */
export function preparedKernel(version: string, tell: (text: string) => void): PreparedKernel {
  if (!/^(newest|\d+\.\d+(\.\d+)?)$/.test(version))
    throw new VmError('VM_USAGE', `--kernel: expected a version such as 6.1, or newest, got "${version}"`);
  const directory = join(places.kernels, version);
  if (!existsSync(directory)) {
    tell(`preparing a kernel ${version} in ${directory}`);
    prepare(version, directory);
  }
  return { directory, release: readFileSync(join(directory, 'release'), 'utf8').trim() };
}

// In a folder of this process, so that nobody finds half a kernel and two may prepare the same.
function prepare(version: string, directory: string): void {
  const work = `${directory}.${process.pid}`;
  const archive = new KernelArchive(join(work, 'apt'));
  try {
    mkdirSync(work, { recursive: true });
    archive.update();
    const release = archive.find(version);
    for (const file of archive.download(release, join(work, 'deb')))
      command(['dpkg-deb', '-x', file, join(work, 'files')]);
    unpack(release, work);
    for (const name of ['apt', 'deb', 'files']) rmSync(join(work, name), { recursive: true });
    if (!existsSync(directory)) renameSync(work, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function unpack(release: string, work: string): void {
  const [modules] = globSync(join(work, `files/{usr/,}lib/modules/${release}`));
  if (modules === undefined) throw new VmError('VM_KERNEL', `expected modules of ${release} in its packages`);
  const image = findFile(work, release, 'vmlinuz');
  const config = findFile(work, release, 'config');
  writeFileSync(join(work, 'vmlinux'), uncompressedImage(readFileSync(image)));
  renameSync(config, join(work, 'config'));
  const target = join(work, 'lib/modules', release);
  mkdirSync(dirname(target), { recursive: true });
  renameSync(modules, target);
  command(['depmod', '-b', work, release]);
  mkdirSync(join(work, 'boot'));
  const loaded = bootModules(work, release);
  for (const { name, content } of loaded) writeFileSync(join(work, 'boot', name), content);
  writeFileSync(join(work, 'boot/order'), loaded.map(({ name }) => `${name}\n`).join(''));
  writeFileSync(join(work, 'release'), `${release}\n`);
}

// /boot/NAME-RELEASE, and since 7.3 NAME beside the modules.
function findFile(work: string, release: string, name: string): string {
  const found = globSync(join(work, `files/{boot,usr/lib/modules/${release}}/${name}*`));
  const file = found.find((path) => basename(path) === name || basename(path) === `${name}-${release}`);
  if (file !== undefined) return file;
  throw new VmError('VM_KERNEL', `expected ${name} of ${release} in its packages, found none`);
}
