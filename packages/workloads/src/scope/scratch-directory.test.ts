import { describe, expect, it } from 'vitest';
import { chooseScratchDirectory } from './scratch-directory.js';

const all = (): boolean => true;

describe('chooseScratchDirectory', () => {
  it('does not cover the image', () => {
    expect(chooseScratchDirectory('/', all)).toBe('/run');
    expect(chooseScratchDirectory('/run/image', all)).toBe('/tmp');
    expect(chooseScratchDirectory('/run', all)).toBe('/tmp');
    expect(chooseScratchDirectory('/runner', all)).toBe('/run');
  });

  it('takes only what is there', () => {
    expect(chooseScratchDirectory('/', (path) => path === '/opt')).toBe('/opt');
    expect(() => chooseScratchDirectory('/', () => false)).toThrow(
      expect.objectContaining({ code: 'SCOPE_SETUP_FAILED' }),
    );
  });
});
