import { syscallNumber } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { CALL_AT, CALL_FLAG, GROUP, MAX_ARGS, MAX_TEXTS, TEXT } from '../record/layout.js';
import { CALLS, encodeCallTable } from './call-table.js';

describe('CALLS', () => {
  for (const call of CALLS) {
    it(`${call.name} fits a record`, () => {
      expect(call.args?.length ?? 0).toBeLessThanOrEqual(MAX_ARGS);
      expect(call.texts?.length ?? 0).toBeLessThanOrEqual(MAX_TEXTS);
      expect(call.word !== undefined || call.follow !== undefined).toBe(true);
    });
  }

  it('are each named once', () => {
    const names = CALLS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('encodeCallTable', () => {
  it('describes a call to the kernel', () => {
    const number = syscallNumber('openat', process.arch === 'arm64' ? 'arm64' : 'x86_64');
    const entry = encodeCallTable().get(number);
    const index = CALLS.findIndex(({ name }) => name === 'openat') + 1;
    expect(entry?.[CALL_AT.call]).toBe(index);
    expect(entry?.[CALL_AT.group]).toBe(GROUP.file);
    expect([...(entry ?? []).slice(CALL_AT.args, CALL_AT.texts)]).toEqual([1, 3, 0]);
    expect([...(entry ?? []).slice(CALL_AT.texts, CALL_AT.texts + 3)]).toEqual([
      (TEXT.opened << 4) | 1,
      (TEXT.directory << 4) | 0,
      0,
    ]);
  });

  it('says which calls take memory without telling of them', () => {
    const number = syscallNumber('mprotect', process.arch === 'arm64' ? 'arm64' : 'x86_64');
    const entry = encodeCallTable().get(number);
    expect([entry?.[CALL_AT.call], entry?.[CALL_AT.flags]]).toEqual([0, CALL_FLAG.overcommits]);
  });
});
