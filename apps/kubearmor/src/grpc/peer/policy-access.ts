import { namespaceInode, readTextAt } from '@kubearmor/kernel';
import type { Peer } from './peer.js';

/** Who may push policies. */
export interface PolicyAccess {
  /** Whether a process belongs to a workload of ours: it must not change its own rules. */
  readonly isWorkload: (pid: number) => boolean;
  /** Whether anybody who reaches the TCP port may. By default false: there a client must show a certificate. */
  readonly isOpenOverTcp?: boolean;
}

/** Why a peer may not push policies; undefined when it may. */
export function policyRefusal(peer: Peer, access: PolicyAccess): string | undefined {
  switch (peer.kind) {
    case 'tcp':
      if (peer.isAuthenticated || access.isOpenOverTcp === true) return undefined;
      return 'expected a client certificate, or the agent’s unix socket: over plain TCP nobody can tell who asks';
    case 'unix':
      return unixRefusal(peer, access);
    case 'unknown':
      return 'expected a peer with credentials, this connection has none';
  }
}

type UnixPeer = Extract<Peer, { kind: 'unix' }>;

function unixRefusal(peer: UnixPeer, access: PolicyAccess): string | undefined {
  if (peer.uid !== 0 && peer.uid !== process.geteuid?.()) return `expected root, got uid ${peer.uid}`;
  if (!isAlive(peer)) return `expected the process that connected (${peer.pid}) to be there still`;
  if (access.isWorkload(peer.pid)) return `expected a process of no workload, ${peer.pid} is in one`;
  if (!sharesMounts(peer.pid))
    return `expected a process of this machine’s own mount namespace, ${peer.pid} is in another`;
  // What was looked up above was looked up by number: it was about the peer only if that is still its number.
  return isAlive(peer) ? undefined : `expected the process that connected (${peer.pid}) to be there still`;
}

function isAlive({ pid, pidfd }: UnixPeer): boolean {
  if (pid <= 0) return false;
  if (pidfd === undefined) return namespaceInode(pid, 'mnt') !== undefined;
  return readTextAt(`/proc/self/fdinfo/${pidfd}`)?.includes(`\nPid:\t${pid}\n`) === true;
}

function sharesMounts(pid: number): boolean {
  const theirs = namespaceInode(pid, 'mnt');
  return theirs !== undefined && [process.pid, 1].some((own) => namespaceInode(own, 'mnt') === theirs);
}
