import { dirname, resolve } from 'node:path';
import { parseCorpus, type CorpusGroup } from '@kubearmor/testkit';
import { DEFAULT_NAMESPACE } from '../policies/default-namespace.js';
import { readFiles, type TextFile } from '../policies/read-files.js';

/** The groups of a file, with the policies of the files that they name, relative to it. Throws CORPUS_INVALID, FILE_UNREADABLE. */
export function loadGroups({ name, text }: TextFile): readonly CorpusGroup[] {
  return parseCorpus(text, name, { defaultNamespace: DEFAULT_NAMESPACE }).map((group) => {
    if (group.policyFiles.length === 0) return group;
    const files = readFiles(group.policyFiles.map((file) => resolve(dirname(name), file)));
    const texts = [group.policies, ...files.map((file) => file.text)].filter((each) => each !== '');
    return { ...group, policies: texts.join('\n---\n') };
  });
}
