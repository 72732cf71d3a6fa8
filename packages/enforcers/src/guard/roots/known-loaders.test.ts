import { describe, expect, it } from 'vitest';
import { knownLoaders } from './known-loaders.js';

describe('knownLoaders', () => {
  const loaders = knownLoaders({
    resolve: (path) => (path.includes('musl-x86_64') ? '/usr/lib/libc.so' : undefined),
    resolveParent: () => undefined,
    fileId: () => undefined,
    executables: () => [],
  });

  it('finds what the name of a loader leads to', () => {
    expect(loaders.has('/usr/lib/libc.so')).toBe(true);
    expect(loaders.has('/lib/ld-musl-x86_64.so.1')).toBe(false);
  });

  it('keeps the names of loaders that are not there, for when they come', () => {
    expect(loaders.has('/lib64/ld-linux-x86-64.so.2')).toBe(true);
  });
});
