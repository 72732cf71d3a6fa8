import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTrees, renderCommands } from './commands.js';

const pages = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
const COMMANDS = {
  karmor: ['run', 'logs', 'probe', 'status', 'policy explain', 'vm policy add', 'completion'],
  kubearmor: ['agent', 'release', 'probe', 'install', 'uninstall'],
} as const;

for (const program of ['karmor', 'kubearmor'] as const) {
  const page = readFileSync(`${pages}${program}.md`, 'utf8');

  describe(`docs/reference/${program}.md`, () => {
    it('is what the code says', () => {
      const rendered = renderCommands(createTrees()[program]);
      expect(page, 'run: make build && node tools/docs/main.ts').toBe(rendered);
    });

    it('has every command', () => {
      for (const path of COMMANDS[program]) expect(page).toContain(`\n## ${program} ${path}\n`);
    });
  });
}
