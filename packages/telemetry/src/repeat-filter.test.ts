import { describe, expect, it } from 'vitest';
import { RepeatFilter } from './repeat-filter.js';

describe('RepeatFilter', () => {
  it('lets each key through once', () => {
    const filter = new RepeatFilter();
    expect(['a', 'b', 'a', 'a', 'b'].map((key) => filter.isFirst(key))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('forgets the key that was unseen for longest', () => {
    const filter = new RepeatFilter({ maxKeys: 2 });
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map((key) => filter.isFirst(key))).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
