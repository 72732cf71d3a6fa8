import { existsSync } from 'node:fs';
import { arch } from 'node:process';
import { delimiter, join } from 'node:path';

const PROGRAMS = [
  'qemu-system-x86_64',
  'modprobe',
  'depmod',
  'cpio',
  'xz',
  'zstd',
  'setpriv',
  'dpkg-deb',
  'apt-get',
] as const;

/** Why this machine can have no virtual machines; undefined where it can. */
export function whyNoVm(): string | undefined {
  if (arch !== 'x64') return `expected an x86_64 machine, this is ${arch}`;
  const missing: string[] = PROGRAMS.filter((name) => !isProgram(name));
  if (!existsSync('/bin/busybox')) missing.push('/bin/busybox');
  return missing.length === 0
    ? undefined
    : `expected ${missing.join(', ')}, which this machine does not have`;
}

function isProgram(name: string): boolean {
  const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  return path.split(delimiter).some((directory) => existsSync(join(directory, name)));
}
