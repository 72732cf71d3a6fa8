import { loadPolicies, type Policy } from '@kubearmor/policy';
import { KarmorError } from '../errors.js';
import type { Output } from '../output.js';
import { DEFAULT_NAMESPACE } from './default-namespace.js';
import type { TextFile } from './read-files.js';

/** Loads all policies of files; when something is wrong with one, says all that is, and throws POLICY_INVALID. */
export function checkPolicies(files: readonly TextFile[], output: Output): readonly Policy[] {
  const loaded = files.map(({ name, text }) =>
    loadPolicies(text, { file: name, defaultNamespace: DEFAULT_NAMESPACE }),
  );
  const problems = loaded.flatMap(({ problems: found }) => found);
  for (const { code, message } of problems) output.complain(`${code}: ${message}`);
  if (problems.length > 0) {
    throw new KarmorError(
      'POLICY_INVALID',
      `expected policies without a problem, got ${problems.length} of them`,
    );
  }
  return loaded.flatMap(({ policies }) => policies);
}
