import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import { asPath } from '../bind/directory.js';
import { decideFile } from '../decide/decide-file.js';
import type { Finding } from './finding.js';
import { somebody } from './somebody.js';

/**
 * Finds sources of Allow rules that are no boundary: who may write the executable, or start it with `LD_PRELOAD`, may do
 * what it is allowed to do. Neither is an operation that could be judged when it matters.
 */
export function lintSources(bound: BoundRuleSet, { rule }: BoundRule): readonly Finding[] {
  if (rule.action !== 'Allow') return [];
  return rule.fromSource.flatMap((source): readonly Finding[] => {
    const path = source.match === 'path' ? source.path : asPath(source.dir);
    const object = { path, ownerUid: somebody.fsUid };
    const { verdict } = decideFile(bound, {
      kind: 'file',
      subject: somebody,
      access: ['write'],
      objects: [object],
    });
    if (verdict === 'deny') return [];
    const message = `fromSource ${path} can be written, and preloaded into, by the workload: what it may do, all may do`;
    return [{ rule: rule.id, severity: 'info', code: 'SOURCE_WRITABLE', message }];
  });
}
