import { describe, expect, it } from 'vitest';
import { LocalSlabs } from './local-slabs.js';

describe('LocalSlabs', () => {
  it('uses memory again when nobody holds it', () => {
    const slabs = new LocalSlabs();
    const slab = slabs.take(100);
    slab.hold();
    slab.release();
    expect(slabs.take(100).bytes === slab.bytes).toBe(false);
    slab.release();
    expect(slabs.take(100).bytes === slab.bytes).toBe(true);
  });

  it('does not use again what may still be read', () => {
    const slabs = new LocalSlabs();
    const slab = slabs.take(100);
    slab.taint();
    slab.release();
    expect(slabs.take(100).bytes === slab.bytes).toBe(false);
  });

  it('has memory of any size, and keeps none that is larger than usual', () => {
    const slabs = new LocalSlabs();
    const slab = slabs.take(1_000_000);
    expect(slab.bytes.length).toBe(1_000_000);
    slab.release();
    expect(slabs.take(1_000_000).bytes === slab.bytes).toBe(false);
  });
});
