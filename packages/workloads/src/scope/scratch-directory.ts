import { WorkloadsError } from '../errors.js';

/** Directories that every system has. */
const CANDIDATES = ['/run', '/tmp', '/mnt', '/var', '/opt'];

/** Chooses a directory to build a scope's root on: there, and not covering the image. */
export function chooseScratchDirectory(image: string, isDirectory: (path: string) => boolean): string {
  const covers = (path: string): boolean => image === path || image.startsWith(`${path}/`);
  const chosen = CANDIDATES.find((path) => !covers(path) && isDirectory(path));
  if (chosen === undefined) {
    const message = `scope root: expected one of ${CANDIDATES.join(', ')} as a directory outside ${image}, found none`;
    throw new WorkloadsError('SCOPE_SETUP_FAILED', message);
  }
  return chosen;
}
