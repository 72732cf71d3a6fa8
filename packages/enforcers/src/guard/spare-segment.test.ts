import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertJournal } from './alert-journal.js';
import type { GuardAlert } from './guard-alert.js';
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
  it('asks for a file at once and whenever one was used', () => {
    let wanted = 0;
    const segments = new SpareSegment(() => wanted++);
    expect(wanted).toBe(1);
    expect(segments.begin(join(directory, 'one'))).toBe('wait');
    const file = spare('spare');
    segments.put(file);
    writeFileSync(join(directory, 'one'), 'another');
    expect(segments.begin(join(directory, 'one'))).toBe('taken');
    expect(segments.begin(join(directory, 'two'))).toBe(file.fd);
    expect(existsSync(file.path)).toBe(false);
    expect(wanted).toBe(2);
  });

  it('keeps the alerts of a journal until there is a file', () => {
    const segments = new SpareSegment(() => undefined);
    const begun: string[] = [];
    const journal = new AlertJournal({
      directory,
      nowMs: () => 1,
      begin: (path) => {
        begun.push(path);
        return segments.begin(path);
      },
    });
    const alert: GuardAlert = {
      workload: 1,
      timeNs: '1',
      decision: { verdict: 'pass' },
      isEnforced: false,
      process: {
        hostPid: 1,
        hostParentPid: 1,
        pid: 1,
        uid: 0,
        exe: '',
        parentExe: '',
        commandLine: '',
        cwd: '',
        tty: '',
      },
      operation: { kind: 'file', path: '/x', syscall: 'open' },
    };
    journal.put(alert);
    journal.put({ ...alert, workload: 2 });
    segments.put(spare('spare'));
    journal.flush();
    const lines = readFileSync(begun.at(-1) ?? '', 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ workload: 1 }, { workload: 2 }]);
    expect(journal.dropped).toBe(0);
  });
});
