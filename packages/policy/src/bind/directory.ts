/** A directory's path with the slash at its end. */
export function asDirectory(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/** A directory's path without the slash at its end. */
export function asPath(dir: string): string {
  return dir === '/' ? dir : dir.slice(0, -1);
}

/** Whether a path is the directory, one of its children or, if recursive, anything below. */
export function isInDirectory(path: string, dir: string, recursive: boolean): boolean {
  if (!path.startsWith(dir)) return `${path}/` === dir;
  return recursive || !path.includes('/', dir.length);
}

/** How many components a directory's path has. */
export function depthOf(dir: string): number {
  let depth = -1;
  for (let index = dir.indexOf('/'); index >= 0; index = dir.indexOf('/', index + 1)) depth += 1;
  return depth;
}
