import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readErrorCodes, renderErrors } from './errors.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('docs/reference/errors.md', () => {
  it('is what the code says', () => {
    const written = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8');
    expect(written, 'run: node tools/docs/main.ts').toBe(renderErrors(readErrorCodes(root)));
  });

  for (const { part, codes } of readErrorCodes(root)) {
    for (const { code, meaning } of codes) {
      it(`says what ${code} of ${part} means`, () => {
        expect(meaning).not.toBe('');
      });
    }
  }
});
