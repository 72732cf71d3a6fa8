import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APPLETS = ['sh', 'cat', 'ls', 'uname', 'wget', 'echo', 'true', 'ln', 'cp'];

/** Makes the root of a small image in which busybox is every program. */
export function createBusyboxImage(directory: string): string {
  for (const name of ['bin', 'etc', 'tmp', 'proc', 'dev', 'sys'])
    mkdirSync(join(directory, name), { recursive: true });
  copyFileSync('/bin/busybox', join(directory, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(directory, 'bin', applet));
  writeFileSync(join(directory, 'etc/hostname'), 'small\n');
  return directory;
}
