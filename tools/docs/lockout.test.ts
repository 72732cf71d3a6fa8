import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderLockout } from './lockout.js';

const page = fileURLToPath(new URL('../../docs/reference/lockout.md', import.meta.url));

describe('docs/reference/lockout.md', () => {
  it('is what the code says', () => {
    expect(readFileSync(page, 'utf8'), 'run: make build && node tools/docs/main.ts').toBe(renderLockout());
  });
});
