import type { CallContext } from './call.js';

const NO_TEXT = -1;

/** The path in one text of a call; where it is relative, from the directory in another one or from the process's own. */
export function calledPath(
  { event, process }: CallContext,
  slot: number,
  directorySlot: number = NO_TEXT,
): string {
  const path = event.text(slot);
  if (path.startsWith('/')) return path;
  const directory = directorySlot === NO_TEXT ? '' : event.text(directorySlot);
  // A file without a place has only a name, and a missing path is no path.
  if (path === '') return directory;
  if (event.isResolved) return path;
  return join(directory === '' ? process.cwd : directory, path);
}

function join(directory: string, path: string): string {
  return directory.endsWith('/') ? directory + path : `${directory}/${path}`;
}
