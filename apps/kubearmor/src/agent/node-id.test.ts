import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNodeId } from './node-id.js';

const directory = mkdtempSync(join(tmpdir(), 'node-id-'));
const empty = join(directory, 'empty');
const given = join(directory, 'given');
writeFileSync(empty, '\n');
writeFileSync(given, '9f1c\n');

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('readNodeId', () => {
  it('takes the first file that says something', () => {
    expect(readNodeId('node-1', [join(directory, 'none'), empty, given])).toBe('9f1c');
  });

  it('takes the name of a machine without an id', () => {
    expect(readNodeId('node-1', [empty])).toBe('node-1');
  });
});
