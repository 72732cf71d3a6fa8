import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSocketAddress } from './socket-address.js';

function inet6(groups: readonly number[]): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(10, 0);
  bytes.writeUInt16BE(53, 2);
  groups.forEach((group, index) => bytes.writeUInt16BE(group, 8 + 2 * index));
  return bytes;
}

describe('decodeSocketAddress', () => {
  it('decodes IPv4', () => {
    expect(decodeSocketAddress(Buffer.from([2, 0, 1, 187, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]))).toEqual({
      kind: 'inet',
      family: 2,
      port: 443,
      address: '127.0.0.1',
    });
  });

  for (const [groups, address] of [
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], '2001:db8::'],
    [[0x2001, 0xdb8, 0, 1, 0, 0, 0, 1], '2001:db8:0:1::1'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '1:2:3:4:5:6:7:8'],
    [[0, 2, 0, 4, 5, 6, 7, 8], '0:2:0:4:5:6:7:8'],
  ] as const) {
    it(`decodes IPv6 ${address}`, () => {
      expect(decodeSocketAddress(inet6(groups))).toEqual({ kind: 'inet', family: 10, port: 53, address });
    });
  }

  for (const [name, bytes, path] of [
    ['a path', '\x01\0/run/x.sock\0rest', '/run/x.sock'],
    ['a path without an end', '\x01\0/run/x', '/run/x'],
    ['an abstract name', '\x01\0\0name\0\0', '@name'],
    ['no name', '\x01\0', ''],
    ['an empty name', '\x01\0\0', ''],
  ] as const) {
    it(`decodes a unix socket with ${name}`, () => {
      expect(decodeSocketAddress(Buffer.from(bytes))).toEqual({ kind: 'unix', path });
    });
  }

  it('knows the family of others', () => {
    expect(decodeSocketAddress(Buffer.from([16, 0, 0, 0]))).toEqual({ kind: 'other', family: 16 });
    expect(decodeSocketAddress(Buffer.from([2, 0, 0]))).toEqual({ kind: 'other', family: 2 });
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 130 }), (bytes) => {
        const address = decodeSocketAddress(Buffer.from(bytes));
        expect(address === undefined).toBe(bytes.length < 2);
      }),
    );
  });
});
