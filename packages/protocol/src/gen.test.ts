import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

function readAll(root: string): Record<string, string> {
  const names = globSync('src/gen/**/*.ts', { cwd: root }).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

describe('src/gen', () => {
  it('is what the .proto files say', { timeout: 60_000 }, async () => {
    const out = await mkdtemp(join(tmpdir(), 'protocol-'));
    try {
      await promisify(execFile)(
        join(bin, 'buf'),
        ['generate', '../../proto', '--template', 'buf.gen.yaml', '--output', out],
        { cwd: folder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` } },
      );
      expect(readAll(folder), 'run: make generate').toEqual(readAll(out));
    } finally {
      await rm(out, { recursive: true });
    }
  });
});
