import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderMetricsPage } from './metrics.js';

const page = fileURLToPath(new URL('../../docs/reference/metrics.md', import.meta.url));

describe('docs/reference/metrics.md', () => {
  it('is what the code says', () => {
    expect(readFileSync(page, 'utf8'), 'run: make build && node tools/docs/main.ts').toBe(
      renderMetricsPage(),
    );
  });
});
