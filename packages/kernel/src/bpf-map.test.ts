import { describe, expect, it } from 'vitest';
import { BPF_NOEXIST, BpfMap, possibleCpus } from './bpf-map.js';
import { readCounters } from './counter-map.js';
import { isRoot } from './testing/machine.js';

const EEXIST = 17;

function bytesOf(value: number, size = 4): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe.skipIf(!isRoot)('BpfMap (needs root)', () => {
  it('sets, finds, lists and removes keys', () => {
    using map = BpfMap.create({ type: 'hash', name: 'test', keySize: 4, valueSize: 8, maxEntries: 64 });
    expect(map).toMatchObject({
      name: 'test',
      type: 1,
      keySize: 4,
      valueSize: 8,
      valueBytes: 8,
      maxEntries: 64,
    });
    const value = Buffer.alloc(8);
    expect(map.lookup(bytesOf(1), value)).toBe(false);
    for (let key = 0; key < 10; key++) map.update(bytesOf(key), bytesOf(key * key, 8));
    expect(map.lookup(bytesOf(7), value)).toBe(true);
    expect(value.readUInt32LE()).toBe(49);
    expect(map.tryUpdate(bytesOf(7), value, BPF_NOEXIST)).toBe(-EEXIST);
    expect(() => {
      map.update(bytesOf(7), value, BPF_NOEXIST);
    }).toThrow(/bpf_map_update_elem map test: EEXIST/u);
    const sum = [...map.entries()].reduce((total, [, bytes]) => total + Buffer.from(bytes).readUInt32LE(), 0);
    expect(sum).toBe(285);
    expect(map.take(bytesOf(7), value)).toBe(true);
    expect(map.take(bytesOf(7), value)).toBe(false);
    for (const key of map.keys()) expect(map.delete(key)).toBe(true);
    expect([...map.keys()]).toEqual([]);
    expect(map.delete(bytesOf(1))).toBe(false);
  });

  it('sets many keys at once', () => {
    using map = BpfMap.create({ type: 'hash', keySize: 4, valueSize: 4, maxEntries: 16 });
    const keys = new Uint8Array(new Uint32Array([1, 2, 3]).buffer);
    expect(map.updateBatch(keys, keys, 3)).toBe(3);
    expect([...map.keys()].length).toBe(3);
  });

  it('refuses buffers that the kernel would read or write past', () => {
    using map = BpfMap.create({ type: 'hash', keySize: 4, valueSize: 8, maxEntries: 4 });
    expect(() => map.lookup(new Uint8Array(3), new Uint8Array(8))).toThrow(/key of 4 bytes, got 3/u);
    expect(() => map.lookup(new Uint8Array(4), new Uint8Array(7))).toThrow(/value of 8 bytes, got 7/u);
  });

  it('sums counters over CPUs', () => {
    using map = BpfMap.create({ type: 'percpu-array', keySize: 4, valueSize: 8, maxEntries: 2 });
    expect(map.valueBytes).toBe(8 * possibleCpus());
    const perCpu = new BigUint64Array(possibleCpus()).fill(3n);
    map.update(bytesOf(1), new Uint8Array(perCpu.buffer));
    expect(readCounters(map)).toEqual([0n, 3n * BigInt(possibleCpus())]);
  });

  it('says why a map cannot be created', () => {
    const options = { type: 'hash', keySize: 0, valueSize: 8, maxEntries: 4 } as const;
    expect(() => BpfMap.create(options)).toThrow(/bpf_map_create hash .*EINVAL/u);
    expect(() => BpfMap.fromFd(0)).toThrow(/bpf_obj_get_info_by_fd map 0/u);
  });
});
