import { describe, expect, it } from 'vitest';
import type { Peer } from './peer.js';
import { policyRefusal, type PolicyAccess } from './policy-access.js';

const access: PolicyAccess = { isWorkload: () => false };
const self: Peer = { kind: 'unix', pid: process.pid, uid: process.getuid?.() ?? 0, pidfd: undefined };
const plain: Peer = { kind: 'tcp', address: '127.0.0.1:5', isAuthenticated: false };

describe('policyRefusal', () => {
  for (const [what, peer, given, refusal] of [
    ['this process', self, access, undefined],
    ['another user', { ...self, uid: 65_534 }, access, 'expected root, got uid 65534'],
    ['a process of a workload', self, { isWorkload: () => true }, 'expected a process of no workload'],
    ['a process that is gone', { ...self, pid: 0x3fffff }, access, 'to be there still'],
    ['a process that cannot be seen', { ...self, pid: 0 }, access, 'to be there still'],
    ['a pid that means another process by now', { ...self, pidfd: 0x7fff }, access, 'to be there still'],
    ['plain TCP', plain, access, 'expected a client certificate'],
    ['plain TCP that is open', plain, { ...access, isOpenOverTcp: true }, undefined],
    ['TCP with a certificate', { ...plain, isAuthenticated: true }, access, undefined],
    ['a connection without credentials', { kind: 'unknown' }, access, 'expected a peer with credentials'],
  ] satisfies [string, Peer, PolicyAccess, string | undefined][]) {
    it(`${refusal === undefined ? 'lets' : 'refuses'} ${what}`, () => {
      const answer = policyRefusal(peer, given);
      if (refusal === undefined) expect(answer).toBeUndefined();
      else expect(answer).toContain(refusal);
    });
  }
});
