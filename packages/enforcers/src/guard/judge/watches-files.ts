import type { RuleSet } from '@kubearmor/policy';

/** Whether a rule set is about files and programs, by its objects or by its sources: only then must opens and execs be asked about. */
export function watchesFiles({ rules }: RuleSet): boolean {
  return rules.some(({ kind, fromSource }) => kind === 'process' || kind === 'file' || fromSource.length > 0);
}
