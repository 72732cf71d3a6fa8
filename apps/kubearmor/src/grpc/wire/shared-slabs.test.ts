import { describe, expect, it } from 'vitest';
import { SharedSlab } from './shared-slab.js';
import { SharedSlabs } from './shared-slabs.js';

function otherSide(bytes: Buffer): SharedSlab {
  const memory = bytes.buffer;
  expect(memory).toBeInstanceOf(SharedArrayBuffer);
  return SharedSlab.of(memory instanceof SharedArrayBuffer ? memory : new SharedArrayBuffer(8));
}

describe('SharedSlabs', () => {
  it('uses memory again when both sides have released it', () => {
    const slabs = new SharedSlabs();
    const slab = slabs.take(100);
    slab.hold();
    const sent = otherSide(slab.bytes);
    slab.bytes.write('hello');
    expect(sent.bytes.toString('latin1', 0, 5)).toBe('hello');
    slab.release();
    expect(slabs.take(100).bytes.buffer === slab.bytes.buffer).toBe(false);
    sent.release();
    expect(slabs.take(100).bytes.buffer === slab.bytes.buffer).toBe(true);
  });

  it('does not use again what may still be read', () => {
    const slabs = new SharedSlabs();
    const slab = slabs.take(100);
    otherSide(slab.bytes).taint();
    slab.release();
    for (let turn = 0; turn < 3; turn++) {
      expect(slabs.take(100).bytes.buffer === slab.bytes.buffer).toBe(false);
    }
  });

  it('holds what it gives, the second time too', () => {
    const slabs = new SharedSlabs();
    for (let turn = 0; turn < 3; turn++) {
      const slab = slabs.take(100);
      expect(otherSide(slab.bytes).isFree).toBe(false);
      slab.release();
      expect(otherSide(slab.bytes).isFree).toBe(true);
    }
  });

  it('has memory of any size', () => {
    expect(new SharedSlabs().take(1_000_000).bytes.length).toBe(1_000_000);
  });
});
