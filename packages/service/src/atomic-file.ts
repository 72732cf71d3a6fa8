import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from './errors.js';

/** How {@link writeFileAtomic} writes. */
export interface WriteFileAtomicOptions {
  /** The mode of the file, whatever the umask and the mode of the file it replaces. By default 0600. */
  readonly mode?: number;
}

/** Replaces a file as a whole: after a crash there is the old content or the new, never a part. */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteFileAtomicOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, data, options.mode ?? 0o600);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new ServiceError('FILE_WRITE_FAILED', `${path}: could not be replaced: ${String(cause)}`, {
      cause,
    });
  }
}

async function writeDurably(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  await using file = await open(path, 'wx', mode);
  await file.chmod(mode);
  await file.writeFile(data);
  await file.sync();
}

/** The rename itself lives in the directory and is only durable once that is written. */
async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r');
  await directory.sync();
}
