import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderKarmor } from './karmor.js';

const page = fileURLToPath(new URL('../../docs/reference/karmor.md', import.meta.url));

describe('docs/reference/karmor.md', () => {
  it('is what the code says', () => {
    expect(readFileSync(page, 'utf8'), 'run: make build && node tools/docs/main.ts').toBe(renderKarmor());
  });

  it('has every command', () => {
    for (const path of ['run', 'logs', 'probe', 'status', 'policy explain', 'vm policy add', 'completion']) {
      expect(readFileSync(page, 'utf8')).toContain(`\n## karmor ${path}\n`);
    }
  });
});
