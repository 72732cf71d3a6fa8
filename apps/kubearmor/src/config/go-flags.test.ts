import { describe, expect, it } from 'vitest';
import { goFlags } from './go-flags.js';

describe('goFlags', () => {
  it('takes flags with one dash, as KubeArmor does', () => {
    expect(goFlags(['agent', '-gRPC=0', '-k8s=false', '-tlsEnabled', '-run-dir', '--host', 'a'])).toEqual([
      'agent',
      '--gRPC=0',
      '--k8s=false',
      '--tlsEnabled',
      '-run-dir',
      '--host',
      'a',
    ]);
  });

  it('leaves everything else alone', () => {
    const others = ['-h', '-unknown=1', 'gRPC', '-', '--', '-gRPCx=0'];
    expect(goFlags(others)).toEqual(others);
  });
});
