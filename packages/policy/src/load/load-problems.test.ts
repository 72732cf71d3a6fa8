import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.js';

const options = { file: 'p.yaml' };

const head =
  'apiVersion: security.kubearmor.com/v1\nkind: KubeArmorPolicy\nmetadata: { name: p, namespace: web }\n';

describe('loadPolicies, on what it refuses', () => {
  it('says where, what was expected and what came', () => {
    const { problems } = loadPolicies(
      `${head}spec:\n  process:\n    matchPaths:\n      - pth: /a\n  action: Blok\n`,
      options,
    );
    expect(problems).toEqual([
      {
        code: 'INVALID_VALUE',
        file: 'p.yaml',
        line: 8,
        column: 11,
        path: 'spec.action',
        expected: 'Allow, Audit or Block',
        got: '"Blok"',
        message: 'p.yaml:8:11: policy web/p: spec.action: expected Allow, Audit or Block, got "Blok"',
        policy: 'web/p',
      },
      expect.objectContaining({
        code: 'UNKNOWN_FIELD',
        line: 7,
        column: 9,
        path: 'spec.process.matchPaths[0].pth',
      }),
      expect.objectContaining({ code: 'MISSING_FIELD', line: 7, path: 'spec.process.matchPaths[0].path' }),
    ]);
    expect(problems[1]?.message).toContain('did you mean path?');
  });

  it('refuses the second of two policies with one key, and keeps the first', () => {
    const { policies, problems } = loadPolicies(`${head}---\n${head}`, options);
    expect(policies).toHaveLength(1);
    expect(problems).toEqual([
      expect.objectContaining({ code: 'DUPLICATE_POLICY', path: 'metadata.name', line: 7 }),
    ]);
    expect(problems[0]?.got).toContain('line 3');
  });

  it('keeps the other documents of a file', () => {
    const { policies, problems } = loadPolicies(`kind: [\n---\n${head}---\nkind: X\n`, options);
    expect(policies.map(({ name }) => name)).toEqual(['p']);
    expect(problems.map(({ line }) => line)).toHaveLength(3);
  });

  it('is not blown up by aliases', () => {
    const levels = Array.from({ length: 40 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    );
    const { problems } = loadPolicies(levels.join('\n'), options);
    expect(problems.map(({ code }) => code)).toEqual(['DOCUMENT_TOO_LARGE']);
  });

  it.each([
    ['items', `a: [${'1,'.repeat(100_001)}]`],
    ['fields', Array.from({ length: 100_001 }, (_, index) => `f${index}: 1`).join('\n')],
    ['depth', '['.repeat(100_000)],
  ])('is not blown up by %s', (_, text) => {
    expect(loadPolicies(text, options).problems).toHaveLength(1);
  });

  it('shortens what it shows', () => {
    const { problems } = loadPolicies(`kind: ${'x'.repeat(1000)}\nmetadata: { name: a }`, options);
    expect(problems[0]?.got.length).toBeLessThan(100);
  });

  it.each([
    ['kind: 2.5', 'the number 2.5'],
    ['kind: false', 'the boolean false'],
    ['kind: {}', 'a map'],
    ['kind: []', 'a list'],
    ['kind: !!str', '""'],
    ['{ kind: [], metadata: { name: a, namespace } }', 'a list'],
  ])('shows %s', (text, got) => {
    expect(
      loadPolicies(text.startsWith('{') ? text : `${text}\nmetadata: { name: a }`, options).problems[0]?.got,
    ).toBe(got);
  });
});
