import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit, block, policiesOf, policyText } from '../testing/policies.js';
import { compile } from './compile.js';

const policies = policiesOf(
  [
    policyText('b', { file: { matchPaths: [{ path: '/b' }, { path: '/c' }] } }),
    policyText('a', { process: { matchPaths: [{ path: '/a' }] }, apparmor: 'deny /x r,' }),
    policyText('c', { network: { matchProtocols: [{ protocol: 'tcp,udp' }] }, apparmor: 'deny /y r,' }),
  ].join(''),
);

describe('compile', () => {
  it('gives the same rule set whatever the order and repetition of policies', () => {
    const expected = compile(policies, audit);
    fc.assert(
      fc.property(fc.shuffledSubarray([...policies, ...policies], { minLength: 6 }), (shuffled) => {
        expect(compile(shuffled, audit)).toEqual(expected);
      }),
    );
    expect(expected.rules.map(({ id }) => id.split('/')[2])).toEqual([
      'a#process.matchPaths[0]',
      'b#file.matchPaths[0]',
      'b#file.matchPaths[1]',
      'c#network.matchProtocols[0]',
      'c#network.matchProtocols[0]',
    ]);
    expect(expected.apparmor.map(({ text }) => text)).toEqual(['deny /x r,', 'deny /y r,']);
  });

  it('addresses the content', () => {
    const { hash } = compile(policies, audit);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(compile(policies, block).hash).not.toBe(hash);
    expect(compile(policies.slice(1), audit).hash).not.toBe(hash);
  });

  it('puts two versions of one policy in an order of their own', () => {
    const one = policiesOf(policyText('a', { file: { matchPaths: [{ path: '/1' }] } }));
    const two = policiesOf(policyText('a', { file: { matchPaths: [{ path: '/2' }] } }));
    expect(compile([...one, ...two], audit)).toEqual(compile([...two, ...one], audit));
  });
});
