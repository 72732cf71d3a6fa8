import { describe, expect, it } from 'vitest';
import { SlabPool } from './slab.js';

describe('SlabPool', () => {
  it('uses memory again when nobody holds it', () => {
    const pool = new SlabPool();
    const slab = pool.take(100);
    slab.hold();
    slab.release();
    expect(pool.take(100).bytes === slab.bytes).toBe(false);
    slab.release();
    expect(pool.take(100).bytes === slab.bytes).toBe(true);
  });

  it('does not use again what may still be read', () => {
    const pool = new SlabPool();
    const slab = pool.take(100);
    slab.taint();
    slab.release();
    expect(pool.take(100).bytes === slab.bytes).toBe(false);
  });

  it('has memory of any size, and keeps none that is larger than usual', () => {
    const pool = new SlabPool();
    const slab = pool.take(1_000_000);
    expect(slab.bytes.length).toBe(1_000_000);
    slab.release();
    expect(pool.take(1_000_000).bytes === slab.bytes).toBe(false);
  });
});
