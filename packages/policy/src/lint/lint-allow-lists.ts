import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { decideFile } from '../decide/decide-file.js';
import { formsOf } from './forms-of.js';
import type { Finding } from './finding.js';
import { somebody } from './somebody.js';

/** Where ELF loaders are, by architecture and C library. */
const loaders = [
  '/lib64/ld-linux-x86-64.so.2',
  '/usr/lib64/ld-linux-x86-64.so.2',
  '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
];

/** Finds what an allow list of files lacks for programs to start: nothing is implied. */
export function lintAllowLists(bound: BoundRuleSet): readonly Finding[] {
  if (!bound.unmatched.has('file')) return [];
  const missing = bound.rules.flatMap((rule) => lintProgram(bound, rule));
  const first = bound.rules.find(({ rule }) => rule.kind === 'file' && rule.action === 'Allow');
  if (first === undefined || loaders.some((path) => isListed(bound, path))) return missing;
  const message = 'the allow list of files has no ELF loader: dynamically linked programs cannot start';
  return [...missing, { rule: first.rule.id, severity: 'warning', code: 'LOADER_NOT_READABLE', message }];
}

/** A program that may be executed must be readable as well. */
function lintProgram(bound: BoundRuleSet, { rule }: BoundRule): readonly Finding[] {
  const { object } = rule;
  if (rule.kind !== 'process' || rule.action !== 'Allow' || object.match !== 'path') return [];
  const forms = formsOf(bound, object.path);
  if (forms.some((form) => isListed(bound, form))) return [];
  const message = `${object.path} may be executed but is not in the allow list of files: it cannot start`;
  return [{ rule: rule.id, severity: 'warning', code: 'PROGRAM_NOT_READABLE', message }];
}

/** Whether a file is allowed to anybody, rather than left to the posture. */
function isListed(bound: BoundRuleSet, path: string): boolean {
  const object = { path, ownerUid: somebody.fsUid };
  const decision = decideFile(bound, {
    kind: 'file',
    subject: somebody,
    access: ['read'],
    objects: [object],
  });
  return decision.verdict === 'pass' && decision.alert?.rule !== 'posture:file';
}
