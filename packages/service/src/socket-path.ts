import { once } from 'node:events';
import { chmod, lstat, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { ServiceError } from './errors.js';

/**
 * Makes a server listen on a path with a mode, replacing a socket file that nobody answers on.
 * Resolves to a function that removes the file again, unless a successor has replaced it.
 */
export async function listenOn(server: Server, path: string, mode: number): Promise<() => Promise<void>> {
  await refuseIfTaken(path);
  try {
    const { ino } = await bindPrivately(server, path, mode);
    return () => removeIfSame(path, ino);
  } catch (cause) {
    throw new ServiceError('SOCKET_UNAVAILABLE', `${path}: could not listen: ${String(cause)}`, { cause });
  }
}

/** bind() creates the file with the umask's mode, so it happens where nobody else can reach it. */
async function bindPrivately(server: Server, path: string, mode: number): Promise<{ readonly ino: number }> {
  const privateDirectory = await mkdtemp(join(dirname(path), '.s-'));
  try {
    const boundPath = join(privateDirectory, 's');
    server.listen(boundPath);
    await once(server, 'listening');
    await chmod(boundPath, mode);
    await rename(boundPath, path);
    return await stat(path);
  } finally {
    await rm(privateDirectory, { recursive: true, force: true });
  }
}

async function refuseIfTaken(path: string): Promise<void> {
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return;
  if (!file.isSocket())
    throw new ServiceError('SOCKET_IN_USE', `${path}: expected a socket or nothing, got another file`);
  if (await isAnswered(path)) throw new ServiceError('SOCKET_IN_USE', `${path}: another server listens here`);
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function removeIfSame(path: string, ino: number): Promise<void> {
  const file = await lstat(path).catch(() => undefined);
  if (file?.ino === ino) await rm(path, { force: true });
}
