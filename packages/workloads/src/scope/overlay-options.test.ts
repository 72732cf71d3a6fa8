import { describe, expect, it } from 'vitest';
import { overlayOptions } from './overlay-options.js';

describe('overlayOptions', () => {
  it('joins the layers and what else is asked for', () => {
    expect(overlayOptions('/a', '/u', '/w', '')).toBe('lowerdir=/a,upperdir=/u,workdir=/w');
    expect(overlayOptions('/a', '/u', '/w', 'index=off')).toBe(
      'lowerdir=/a,upperdir=/u,workdir=/w,index=off',
    );
  });

  it('escapes what separates options and layers', () => {
    expect(overlayOptions('/a,b:c\\d', '/u', '/w', '')).toBe(
      String.raw`lowerdir=/a\,b\:c\\d,upperdir=/u,workdir=/w`,
    );
  });
});
