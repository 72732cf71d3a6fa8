import type { ServerHttp2Session } from 'node:http2';
import { close, peerCredentials, peerPidfd } from '@kubearmor/kernel';
import type { Peer } from './peer.js';

/** Finds out who opened a session; to be called as soon as it is there. */
export function peerOfSession(session: ServerHttp2Session): Peer {
  const { socket } = session;
  if (socket.remoteAddress !== undefined) {
    const address = `${socket.remoteAddress}:${socket.remotePort ?? 0}`;
    return { kind: 'tcp', address, isAuthenticated: Reflect.get(socket, 'authorized') === true };
  }
  const fd = fdOf(socket);
  return fd === undefined ? { kind: 'unknown' } : unixPeer(session, fd);
}

function unixPeer(session: ServerHttp2Session, fd: number): Peer {
  try {
    const { pid, uid } = peerCredentials(fd);
    const pidfd = peerPidfd(fd);
    if (pidfd !== undefined) session.once('close', () => close(pidfd));
    return { kind: 'unix', pid, uid, pidfd };
  } catch {
    return { kind: 'unknown' };
  }
}

/** The descriptor is not part of Node's public interface, so its absence must be expected. */
function fdOf(socket: object): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined;
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}
