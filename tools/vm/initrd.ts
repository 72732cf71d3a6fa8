import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.ts';
import type { PreparedKernel } from './kernel/prepared-kernel.ts';
import { places } from './places.ts';

const BUSYBOX = '/bin/busybox';
const DIRECTORIES = ['bin', 'proc', 'sys', 'dev', 'lower', 'upper', 'root'];

/** The initial file system: a static busybox, the kernel's modules for the way to the root, and the script that goes it. */
export function initrd({ directory }: PreparedKernel): Buffer {
  const tree = mkdtempSync(join(tmpdir(), 'kubearmor-initrd-'));
  try {
    for (const name of DIRECTORIES) mkdirSync(join(tree, name));
    copyFileSync(BUSYBOX, join(tree, 'bin/busybox'));
    copyFileSync(join(places.guest, 'init'), join(tree, 'init'));
    chmodSync(join(tree, 'init'), 0o755);
    cpSync(join(directory, 'boot'), join(tree, 'boot'), { recursive: true });
    const names = command(['find', '.', '-print0'], { cwd: tree });
    return command(['cpio', '--create', '--format=newc', '--null', '--quiet'], { cwd: tree, input: names });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
