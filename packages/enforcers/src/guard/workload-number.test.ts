import { describe, expect, it } from 'vitest';
import { isUnit, sharesHostRoot, WORKLOAD } from './workload-number.js';

describe('isUnit', () => {
  it.each([
    [WORKLOAD.host, false, true],
    [1, false, false],
    [WORKLOAD.unit + 1, true, true],
    [WORKLOAD.container, false, false],
  ])('of %i', (workload, unit, shared) => {
    expect(isUnit(workload)).toBe(unit);
    expect(sharesHostRoot(workload)).toBe(shared);
  });
});
