import { fnv1a } from './fnv.js';

const MAX_DEPTH = 64;

/** Hash of a path within its file system, from its last name up, as lib/exec.h computes it. */
export function namesHash(pathInFileSystem: string): bigint {
  const names = pathInFileSystem.split('/').filter((name) => name !== '');
  return fnv1a(
    Buffer.from(
      names
        .reverse()
        .slice(0, MAX_DEPTH)
        .map((name) => `${name}/`)
        .join(''),
    ),
  );
}
