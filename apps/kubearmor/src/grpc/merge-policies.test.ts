import { loadPolicies } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import type { PolicyFile } from '../agent/policy-files.js';
import { mergePolicies } from './merge-policies.js';

function file(name: string, policy: string): PolicyFile {
  const text = `kind: KubeArmorPolicy\nmetadata: { name: ${policy} }\nspec: { file: { matchPaths: [{ path: /x }] } }\n`;
  return { name, text, policies: loadPolicies(text, { file: name }).policies };
}

describe('mergePolicies', () => {
  it('has the policies of both', () => {
    const merged = mergePolicies(
      { files: [file('a', 'a')], problems: [] },
      { files: [file('b', 'b')], problems: [] },
    );
    expect(merged.files.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(merged.problems).toEqual([]);
  });

  it('prefers the file and says so', () => {
    const problems = [{ file: 'x', message: 'x' }];
    const merged = mergePolicies(
      { files: [file('a', 'p')], problems },
      { files: [file('b', 'p')], problems: [] },
    );
    expect(merged.files.map(({ name }) => name)).toEqual(['a']);
    expect(merged.problems.map(({ file: name }) => name)).toEqual(['x', 'b']);
  });
});
