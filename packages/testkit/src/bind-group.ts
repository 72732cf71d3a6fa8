import type { BoundRuleSet, RuleSet } from '@kubearmor/policy';
import { bind, compile, loadPolicies, selects } from '@kubearmor/policy';
import type { CorpusGroup } from './corpus/corpus-group.js';
import type { RootEntry } from './corpus/root-entry.js';
import { TestkitError } from './errors.js';
import { VirtualRoot } from './root/virtual-root.js';

/** A group of the corpus, ready to be judged. */
export interface BoundGroup {
  readonly bound: BoundRuleSet;
  /** As it is when the cases run. */
  readonly root: VirtualRoot;
}

/** The rule set that a group's workload has: of the policies those that select it. */
export function compileGroup(group: CorpusGroup): RuleSet {
  const { policies, problems } = loadPolicies(group.policies, {
    file: group.file,
    defaultNamespace: group.defaultNamespace,
  });
  const [problem] = problems;
  if (problem !== undefined) {
    const where = `${group.file}:${group.line}: ${group.name}`;
    throw new TestkitError('POLICY_INVALID', `${where}: expected valid policies, got ${problem.message}`);
  }
  return compile(
    policies.filter((policy) => selects(policy, group.workload)),
    group.postures,
  );
}

/** Binds a group's rule set to its root, and again after the root has changed if it does. */
export function bindGroup(group: CorpusGroup): BoundGroup {
  const ruleSet = compileGroup(group);
  const root = new VirtualRoot(withSubjects(group));
  const bound = bind(ruleSet, root);
  if (group.changes.size === 0) return { bound, root };
  root.add(group.changes);
  return { bound: bind(ruleSet, root, bound), root };
}

/** The root of a group with the programs that its subjects run, where it has none at their paths. */
export function withSubjects({ root, cases }: CorpusGroup): ReadonlyMap<string, RootEntry> {
  const program = { kind: 'program', uid: 0, mode: 0o755 } as const;
  const subjects = cases.flatMap(({ subject }) => [subject.exe, subject.parentExe]);
  return new Map<string, RootEntry>([...subjects.map((path) => [path, program] as const), ...root]);
}
