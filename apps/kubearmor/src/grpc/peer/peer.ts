import { createContextKey, type ContextKey } from '@connectrpc/connect';

/** Who is on the other side of a connection. */
export type Peer =
  | {
      readonly kind: 'unix';
      readonly pid: number;
      readonly uid: number;
      /** Open while the connection is; undefined where the kernel has no such thing. */
      readonly pidfd: number | undefined;
    }
  | {
      readonly kind: 'tcp';
      /** `127.0.0.1:54321`. */
      readonly address: string;
      /** Whether it showed a certificate that we trust. */
      readonly isAuthenticated: boolean;
    }
  /** The connection says nothing about it. */
  | { readonly kind: 'unknown' };

/** Under which the peer of a call is found in its context. */
export const PEER: ContextKey<Peer> = createContextKey<Peer>({ kind: 'unknown' }, { description: 'peer' });

/** How a peer is called in logs and messages. */
export function peerName(peer: Peer): string {
  switch (peer.kind) {
    case 'unix':
      return `pid:${peer.pid}`;
    case 'tcp':
      return peer.address;
    case 'unknown':
      return 'unknown';
  }
}

/** Whether it may be anybody on the machine: over plain TCP nobody can tell. */
export function isStranger(peer: Peer): boolean {
  return peer.kind === 'unknown' || (peer.kind === 'tcp' && !peer.isAuthenticated);
}
