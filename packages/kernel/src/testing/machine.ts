import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KernelError } from '../errors.js';

/** Whether tests may do what only root can; the others are skipped and say so by their name. */
export const isRoot: boolean = process.geteuid?.() === 0;

/** Whether BPF objects can be compiled here. */
export const hasClang: boolean = spawnSync('clang', ['--version']).status === 0;

/** A directory that is removed with what is in it when disposed of. */
export function scratchDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'kubearmor-kernel-test-'));
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Compiles a fixture into a directory and returns the object's path. */
export function compileFixture(name: string, directory: string): string {
  const source = fileURLToPath(new URL(`../../fixtures/${name}.bpf.c`, import.meta.url));
  const object = join(directory, `${name}.bpf.o`);
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const flags = ['-g', '-O2', '-target', 'bpf', '-mcpu=v3', `-I/usr/include/${machine}-linux-gnu`];
  const result = spawnSync('clang', [...flags, '-c', source, '-o', object], { encoding: 'utf8' });
  if (result.status !== 0) throw new KernelError('BPF_OPEN_FAILED', `clang ${name}: ${result.stderr}`);
  return object;
}
