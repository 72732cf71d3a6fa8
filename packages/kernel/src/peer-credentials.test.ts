import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { close } from './file-descriptor.js';
import { peerCredentials, peerPidfd } from './peer-credentials.js';
import { readTextAt } from './read-file.js';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function acceptedFd(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'peer-'));
  const server = createServer();
  server.listen(join(directory, 's'));
  await once(server, 'listening');
  const { promise, resolve } = Promise.withResolvers<Socket>();
  server.once('connection', resolve);
  const client = connect(join(directory, 's'));
  const socket = await promise;
  cleanups.push(() => {
    client.destroy();
    socket.destroy();
    server.close();
    rmSync(directory, { recursive: true });
  });
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return -1;
  return Number(handle.fd);
}

describe('peerCredentials', () => {
  it('says which process connected', async () => {
    expect(peerCredentials(await acceptedFd())).toEqual({
      pid: process.pid,
      uid: process.getuid?.(),
      gid: process.getgid?.(),
    });
  });

  it('throws for what is no socket', () => {
    expect(() => peerCredentials(-1)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });
});

describe('peerPidfd', () => {
  it('gives a descriptor of that process where the kernel can', async () => {
    const pidfd = peerPidfd(await acceptedFd());
    if (pidfd === undefined) return;
    const text = readTextAt(`/proc/self/fdinfo/${pidfd}`) ?? '';
    close(pidfd);
    expect(text).toContain(`Pid:\t${process.pid}\n`);
  });

  it('throws for what is no descriptor', () => {
    expect(() => peerPidfd(-1)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });
});
