import type { PolicyFilesState } from '../agent/policy-files.js';

/** The policies of files and those that were pushed; where both have one of the same name, the file's is in force. */
export function mergePolicies(files: PolicyFilesState, pushed: PolicyFilesState): PolicyFilesState {
  const taken = new Set(files.files.flatMap(({ policies }) => policies.map(({ key }) => key)));
  const isFree = ({ policies }: PolicyFilesState['files'][number]): boolean =>
    policies.every(({ key }) => !taken.has(key));
  const refused = pushed.files.filter((file) => !isFree(file));
  return {
    files: [...files.files, ...pushed.files.filter(isFree)],
    problems: [
      ...files.problems,
      ...pushed.problems,
      ...refused.map(({ name }) => ({
        file: name,
        message: `${name}: expected no policy file of the name of a pushed policy, there is one, which is in force`,
      })),
    ],
  };
}
