import { bind, compile, decide, loadPolicies, type BoundRuleSet, type Posture } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { CELL, CELLS } from '../layout.js';
import { DecisionTable, socketProfile } from './socket-profile.js';
import { cellIndex, FAMILY_SLOTS, PROTOCOL_SLOTS, TYPE_SLOTS } from './socket-slots.js';

function bound(rules: string, posture: Posture = 'audit'): BoundRuleSet {
  const { policies, problems } = loadPolicies(
    `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: p, namespace: n }
spec: { selector: { matchLabels: { a: b } }, network: { matchProtocols: [${rules}] } }`,
    { file: 'p.yaml' },
  );
  expect(problems).toEqual([]);
  const ruleSet = compile(policies, {
    file: 'audit',
    network: posture,
    capabilities: 'audit',
    device: 'audit',
  });
  const none = () => undefined;
  return bind(ruleSet, { resolve: none, resolveParent: none, fileId: none, executables: () => [] });
}

const SETS: readonly (readonly [string, BoundRuleSet, string])[] = [
  ['a Block of one protocol', bound('{protocol: tcp}'), ''],
  ['a Block of raw sockets', bound('{protocol: raw}, {protocol: icmp, action: Audit}'), ''],
  ['an allow list under block', bound('{protocol: udp, action: Allow}', 'block'), ''],
  ['an allow list under audit', bound('{protocol: all, action: Allow, pts: false}'), ''],
  ['a source that asks', bound('{protocol: tcp, fromSource: [{path: /bin/a}]}'), '/bin/a'],
  ['a source that does not', bound('{protocol: tcp, fromSource: [{path: /bin/a}]}'), '/bin/b'],
];

describe('socketProfile', () => {
  for (const [what, rules, exe] of SETS) {
    it(`says what decide says, in every cell, for ${what}`, () => {
      const table = new DecisionTable();
      const profile = socketProfile({ bound: rules, table, isAudited: false }, exe);
      const cells = new Uint32Array(profile.buffer, profile.byteOffset, CELLS.total);
      let compared = 0;
      for (const [tty, hasTty] of [false, true].entries()) {
        for (const [familySlot, family] of FAMILY_SLOTS.entries()) {
          for (const [typeSlot, type] of TYPE_SLOTS.entries()) {
            for (const [protocolSlot, protocol] of PROTOCOL_SLOTS.entries()) {
              if (type === undefined || protocol === undefined) continue;
              const cell = cells[cellIndex(tty, familySlot, typeSlot, protocolSlot)] ?? 0;
              const subject = { exe, fsUid: 0, hasTty };
              const expected = decide(rules, { kind: 'network', subject, family, type, protocol });
              expect(cell >>> 31).toBe(expected.verdict === 'deny' ? 1 : 0);
              const alert = (cell & CELL.alert) === 0 ? undefined : table.at(cell & CELL.rule)?.alert;
              expect(alert).toEqual(expected.alert);
              compared++;
            }
          }
        }
      }
      expect(compared).toBe(2 * 2 * 7 * 7);
    });
  }
});
