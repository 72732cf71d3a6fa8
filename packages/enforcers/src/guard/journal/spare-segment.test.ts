import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpareSegment, type SpareFile } from './spare-segment.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spare-segment-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const spare = (name: string): SpareFile => {
  const path = join(directory, name);
  return { path, fd: openSync(path, 'a', 0o600) };
};

describe('SpareSegment', () => {
  it('has one at once, and asks for another whenever one was used', () => {
    let wanted = 0;
    const first = spare('first');
    const segments = new SpareSegment(first, () => wanted++);
    expect(wanted).toBe(0);
    expect(segments.begin(join(directory, 'zero'))).toBe(first.fd);
    expect(wanted).toBe(1);
    expect(segments.begin(join(directory, 'one'))).toBeUndefined();
    const file = spare('spare');
    segments.put(file);
    writeFileSync(join(directory, 'one'), 'another');
    expect(segments.begin(join(directory, 'one'))).toBe('taken');
    expect(segments.begin(join(directory, 'two'))).toBe(file.fd);
    expect(existsSync(file.path)).toBe(false);
    expect(wanted).toBe(2);
  });

  it('has none where somebody has removed the file, and asks for another', () => {
    let wanted = 0;
    const segments = new SpareSegment(
      { ...spare('spare'), path: join(directory, 'removed') },
      () => wanted++,
    );
    expect(segments.begin(join(directory, 'one'))).toBeUndefined();
    expect(wanted).toBe(1);
    segments.put(spare('other'));
    expect(segments.begin(join(directory, 'one'))).toBeTypeOf('number');
  });
});
