import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CODE_FILES, readErrorCodes, renderErrors } from './errors.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('docs/reference/errors.md', () => {
  it('is what the code says', () => {
    const written = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8');
    expect(written, 'run: node tools/docs/main.ts').toBe(renderErrors(readErrorCodes(root)));
  });

  it('leaves out no union of codes', () => {
    const places = CODE_FILES.flatMap((pattern) => globSync(pattern, { cwd: root }));
    const declaring = ['packages', 'apps']
      .flatMap((folder) => globSync(`${folder}/*/src/**/*.ts`, { cwd: root }))
      .filter((file) => !file.includes('/gen/'))
      .filter((file) => /^export type \w*Code =\s*(\/|\||')/m.test(readFileSync(join(root, file), 'utf8')));
    expect(declaring.filter((file) => !places.includes(file))).toEqual([]);
    expect(declaring.length).toBeGreaterThan(10);
  });

  for (const { part, codes } of readErrorCodes(root)) {
    for (const { code, meaning } of codes) {
      it(`says what ${code} of ${part} means`, () => {
        expect(meaning).not.toBe('');
      });
    }
  }
});
