import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBtf } from './btf.js';
import { KernelError } from './errors.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';

function hasKernelBtf(): boolean {
  try {
    return readFileSync(VMLINUX).length > 0;
  } catch {
    return false;
  }
}

describe.skipIf(!hasKernelBtf())('decodeBtf on the kernel (needs BTF)', () => {
  const btf = decodeBtf(hasKernelBtf() ? readFileSync(VMLINUX) : new Uint8Array());

  it('knows layouts that never change', () => {
    const member = btf.findStruct('list_head')?.members.map((m) => [m.name, m.offsetBits, m.sizeBytes]);
    expect(member).toEqual([
      ['next', 0, 8],
      ['prev', 64, 8],
    ]);
    expect(btf.findStruct('no_such_struct')).toBeUndefined();
  });

  it('knows prototypes of the functions that there are, and what they return', () => {
    const found = btf.findPrototypeIds(new Set(['vfs_read', 'vfs_write', 'free_uid', 'no_such_function']));
    expect([...found.keys()].toSorted()).toEqual(['free_uid', 'vfs_read', 'vfs_write']);
    const returned = (name: string): number => btf.returnedBytes(found.get(name) ?? 0);
    expect([returned('vfs_read'), returned('free_uid')]).toEqual([8, 0]);
  });

  it('knows functions and enums', () => {
    expect(btf.findFunctionId('vfs_read')).toBeGreaterThan(0);
    expect(btf.findFunctionId('no_such_function')).toBeUndefined();
    expect(btf.findEnum('bpf_map_type')?.get('BPF_MAP_TYPE_RINGBUF')).toBe(27);
  });
});

describe('decodeBtf', () => {
  it('refuses what is not BTF by MALFORMED_DATA', () => {
    const header = Buffer.from('9feb0100180000000000000000010000000000000001000000', 'hex');
    for (const bytes of [new Uint8Array(), new Uint8Array(64), header]) {
      expect(() => decodeBtf(bytes)).toThrow(KernelError);
    }
  });

  it('decodes or refuses any types, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), (types) => {
        const header = Buffer.alloc(24);
        header.writeUInt16LE(0xeb9f, 0);
        header.writeUInt32LE(24, 4);
        header.writeUInt32LE(types.length, 12);
        header.writeUInt32LE(types.length, 16);
        header.writeUInt32LE(1, 20);
        const bytes = Buffer.concat([header, types, Buffer.alloc(1)]);
        try {
          const btf = decodeBtf(bytes);
          btf.findStruct('');
          expect(btf.variables.length).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MALFORMED_DATA' });
        }
      }),
    );
  });
});
