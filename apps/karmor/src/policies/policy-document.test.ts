import { describe, expect, it } from 'vitest';
import { readPolicyDocuments } from './policy-document.js';

const read = (text: string): ReturnType<typeof readPolicyDocuments> =>
  readPolicyDocuments({ name: 'f', text });
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe('readPolicyDocuments', () => {
  it('takes documents apart where YAML does, not at every ---', () => {
    const text =
      '# first\n---\nkind: KubeArmorPolicy\nmetadata: { name: a }\nspec: { message: "a --- b" }\n' +
      '---\n\n---\nkind: KubeArmorHostPolicy\nmetadata: { name: b, namespace: x }\n---\n';
    expect(read(text)).toMatchObject([
      { key: 'KubeArmorPolicy/container_namespace/a', line: 3, object: { spec: { message: 'a --- b' } } },
      { key: 'KubeArmorHostPolicy//b', line: 9 },
    ]);
  });

  it('keeps the lines of what it takes apart', () => {
    const text = 'kind: A\nmetadata: { name: a }\n---\n# comment\n\nkind: B\nmetadata: { name: b }\n';
    const [, second] = read(text);
    expect(second?.textInPlace.split('\n').indexOf('kind: B')).toBe(5);
  });

  it('takes nothing from nothing', () => {
    for (const text of ['', '---\n', '# only this\n', '---\n---\n']) expect(read(text)).toEqual([]);
  });

  for (const [text, message] of [
    ['kind: [', /^f:\d+: expected YAML, got/],
    ['metadata: { name: a }', /^f:1: expected a policy with kind/],
    ['kind: A', /metadata/],
    ['kind: A\nmetadata: { name: "" }', /name/],
    ['- a', /^f:1: expected a policy/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      expect(() => read(text)).toThrow(
        expect.objectContaining({ code: 'POLICY_INVALID', message: matching(message) }),
      );
    });
  }
});
