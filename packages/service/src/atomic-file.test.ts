import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from './atomic-file.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atomic-file-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('writeFileAtomic', () => {
  it('replaces content and mode and leaves nothing else behind', async () => {
    const path = join(directory, 'state.json');
    await writeFile(path, 'old', { mode: 0o666 });
    await writeFileAtomic(path, 'new', { mode: 0o640 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(directory)).toEqual(['state.json']);
  });

  it('keeps to its owner what is written by default', async () => {
    const path = join(directory, 'key');
    await writeFileAtomic(path, Buffer.from([0, 255]));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when it fails', async () => {
    await expect(writeFileAtomic(directory, 'x')).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' });
    await expect(writeFileAtomic(join(directory, 'no', 'x'), 'x')).rejects.toMatchObject({
      code: 'FILE_WRITE_FAILED',
    });
    expect(await readdir(directory)).toEqual([]);
  });
});
