import { describe, expect, it } from 'vitest';
import { describeAddress, parseGrpcAddress, resolveGrpcAddress } from './grpc-address.js';

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe('parseGrpcAddress', () => {
  for (const [text, name] of [
    ['node-1:32767', 'node-1:32767'],
    ['[::1]:1', '[::1]:1'],
    ['unix:/run/s', 'unix:/run/s'],
    ['unix:///run/s', 'unix:/run/s'],
    ['/run/s', 'unix:/run/s'],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(describeAddress(parseGrpcAddress(text, '--gRPC'))).toBe(name);
    });
  }

  for (const text of ['', 'node-1', ':1', 'a:b:1', 'node:99999', 'unix:relative']) {
    it(`refuses ${JSON.stringify(text)}, naming where it stood`, () => {
      expect(() => parseGrpcAddress(text, '--gRPC')).toThrow(
        expect.objectContaining({ code: 'USAGE_INVALID', message: matching(/^--gRPC: /) }),
      );
    });
  }
});

describe('resolveGrpcAddress', () => {
  const service = { KUBEARMOR_SERVICE: 'relay:1' };

  it('takes the flag before the environment, and that before the rest', () => {
    expect(resolveGrpcAddress({ gRPC: 'a:2' }, service)).toEqual({ kind: 'tcp', host: 'a', port: 2 });
    expect(resolveGrpcAddress({}, service)).toEqual({ kind: 'tcp', host: 'relay', port: 1 });
  });

  it('takes the socket of a run directory that is named', () => {
    expect(resolveGrpcAddress({ runDir: '/r' }, service)).toEqual({ kind: 'unix', path: '/r/grpc.sock' });
  });
});
