import { expect } from 'vitest';
import { bind } from '../bind/bind.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { compile } from '../compile/compile.js';
import type { Postures } from '../compile/postures.js';
import type { Subject } from '../decide/operation.js';
import type { Policy } from '../language/policy.js';
import { loadPolicies, parsePolicy } from '../load/load-policies.js';
import type { MemoryRoot } from './memory-resolver.js';
import { MemoryResolver } from './memory-resolver.js';

/** A subject that most tests ask as. */
export const actor: Subject = { exe: '/usr/bin/actor', parentExe: '/usr/bin/init', fsUid: 0, hasTty: false };

/** Postures under which nothing but rules decides loudly. */
export const audit: Postures = { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' };

/** Postures of a strict node. */
export const block: Postures = { file: 'block', network: 'block', capabilities: 'block', device: 'block' };

/** The policies of a text that has no problems. */
export function policiesOf(text: string): readonly Policy[] {
  const { policies, problems } = loadPolicies(text, { file: 'test.yaml' });
  expect(problems).toEqual([]);
  return policies;
}

/** The text of one KubeArmorPolicy, from its spec as JSON. */
export function policyText(name: string, spec: object, kind = 'KubeArmorPolicy'): string {
  return `---\n${JSON.stringify({ kind, metadata: { name, namespace: 'default' }, spec })}\n`;
}

/** One KubeArmorPolicy, from its spec. */
export function policyOf(name: string, spec: object): readonly Policy[] {
  const { policies, problems } = parsePolicy(
    { kind: 'KubeArmorPolicy', metadata: { name, namespace: 'default' }, spec },
    { file: 'test.yaml' },
  );
  expect(problems).toEqual([]);
  return policies;
}

/** The policies of a text, compiled and bound. */
export function bound(text: string, root: MemoryRoot = {}, postures: Postures = audit): BoundRuleSet {
  return bind(compile(policiesOf(text), postures), new MemoryResolver(root));
}
