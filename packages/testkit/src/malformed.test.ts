import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPolicies } from '@kubearmor/policy';
import { describe, expect, it } from 'vitest';
import { loadMalformed } from './corpus/load-malformed.js';

const malformed = fileURLToPath(new URL('../../../corpus/malformed', import.meta.url));

describe('loadPolicies, by the malformed corpus', () => {
  const policies = loadMalformed(malformed);

  it('is asked about every file there is', () => {
    const files = readdirSync(malformed).filter((name) => name !== 'index.yaml');
    expect(policies.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  it.each(policies)('refuses $file', ({ file, text, line, path, expected, got, policies: good }) => {
    const result = loadPolicies(text, { file });
    const [problem] = result.problems;
    expect(result.problems).toHaveLength(1);
    expect(problem?.file).toBe(file);
    if (line !== undefined) expect(problem?.line).toBe(line);
    if (path !== undefined) expect(problem?.path).toBe(path);
    expect(problem?.expected).toContain(expected);
    expect(problem?.got).toContain(got);
    expect(result.policies).toHaveLength(good);
  });
});
