import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bypassPlaces } from './bypass-places.ts';

const DIRECTORIES = [
  'bin',
  'dev',
  'etc/secret.d/deep',
  'lib',
  'open',
  'opt',
  'proc',
  'pub',
  'ro',
  'run',
  'sys',
  'tmp',
  'usr/bin',
  'usr/lib',
];

/** Copies of one program, which does what it is told by its first argument: what tells them apart is their path. */
const STATIC = ['usr/bin/intruder', 'usr/bin/trusted', 'usr/bin/forbidden', 'usr/bin/tool', 'ro/program'];
const DYNAMIC = ['usr/bin/dynamic', 'usr/bin/trusted-dynamic', 'usr/bin/forbidden-dynamic'];
const SHELLS = ['busybox', 'usr/bin/sh'];

const CONTENT = {
  'etc/secret': 'classified\n',
  'etc/secret.d/inner': 'classified inner\n',
  'etc/secret.d/deep/inner': 'classified deep\n',
  'ro/file': 'original\n',
  'pub/file': 'public\n',
  'open/file': 'original\n',
} as const;

/** As many names make busybox a program of many names. */
const APPLETS = ['cat', 'chmod', 'echo', 'ln', 'ls', 'printf', 'sh', 'true'];

/** Makes the images that attempts run on, below a directory. */
export function buildImages(directory: string): Readonly<Record<'plain' | 'applets', string>> {
  const plain = join(directory, 'plain');
  buildPlain(plain);
  const applets = join(directory, 'applets');
  cpSync(plain, applets, { recursive: true });
  copyProgram(bypassPlaces.busybox, join(applets, 'bin/busybox'));
  for (const name of APPLETS) symlinkSync('busybox', join(applets, 'bin', name));
  return { plain, applets };
}

/** What is missing of what the images are made of. */
export function missingParts(): readonly string[] {
  const { busybox, muslLoader, intruder, dynamicIntruder, intruderLibrary } = bypassPlaces;
  return [busybox, muslLoader, intruder, dynamicIntruder, intruderLibrary].filter(
    (path) => !existsSync(path),
  );
}

function buildPlain(image: string): void {
  for (const name of DIRECTORIES) mkdirSync(join(image, name), { recursive: true });
  for (const name of ['tmp', 'open']) chmodSync(join(image, name), 0o1777);
  for (const name of STATIC) copyProgram(bypassPlaces.intruder, join(image, name));
  for (const name of DYNAMIC) copyProgram(bypassPlaces.dynamicIntruder, join(image, name));
  for (const name of SHELLS) copyProgram(bypassPlaces.busybox, join(image, name));
  // As distributions have it: the loader's name is a link to the library that it is.
  copyProgram(bypassPlaces.muslLoader, join(image, 'usr/lib/libc.so'));
  symlinkSync('../usr/lib/libc.so', join(image, 'lib/ld-musl-x86_64.so.1'));
  copyProgram(bypassPlaces.intruderLibrary, join(image, 'usr/lib/intruder.so'));
  for (const [name, text] of Object.entries(CONTENT)) writeFileSync(join(image, name), text);
}

function copyProgram(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}
