import { syscallNumber } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import {
  CALL_AT,
  CALL_FLAG,
  GROUP,
  MAX_ARGS,
  MAX_SOCKET_CALLS,
  MAX_TEXTS,
  PAYLOAD,
  TEXT,
} from '../record/layout.js';
import { CALLS, encodeCallTable, encodeSocketCalls } from './call-table.js';

describe('CALLS', () => {
  for (const call of CALLS) {
    it(`${call.name} fits a record`, () => {
      expect(call.args?.length ?? 0).toBeLessThanOrEqual(MAX_ARGS);
      expect(call.texts?.length ?? 0).toBeLessThanOrEqual(MAX_TEXTS);
      const isToldOf = call.word !== undefined || call.follow !== undefined;
      expect(isToldOf || call.payload !== undefined).toBe(true);
      if (call.payload !== undefined) expect(call.texts).toBeUndefined();
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

  it('looks for what name servers are asked where calls send', () => {
    const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
    const [sendto, write] = (['sendto', 'write'] as const).map((name) =>
      encodeCallTable().get(syscallNumber(name, architecture)),
    );
    expect([sendto?.[CALL_AT.group], sendto?.[CALL_AT.payload]]).toEqual([
      GROUP.network | GROUP.dns,
      PAYLOAD.buffer,
    ]);
    expect([write?.[CALL_AT.group], write?.[CALL_AT.payload]]).toEqual([GROUP.dns, PAYLOAD.buffer]);
  });

  it('says which calls take memory without telling of them', () => {
    const number = syscallNumber('mprotect', process.arch === 'arm64' ? 'arm64' : 'x86_64');
    const entry = encodeCallTable().get(number);
    expect([entry?.[CALL_AT.call], entry?.[CALL_AT.flags]]).toEqual([0, CALL_FLAG.overcommits]);
  });
});

describe('encodeSocketCalls', () => {
  it('has the calls behind socketcall by their numbers', () => {
    const table = encodeSocketCalls();
    const named = [...table].map(([number, entry]) => {
      const index = new DataView(entry.buffer).getUint16(CALL_AT.call, true);
      return `${number} ${CALLS[index - 1]?.name}`;
    });
    expect(named).toEqual([
      '1 socket',
      '2 bind',
      '3 connect',
      '4 listen',
      '5 accept',
      '9 write',
      '11 sendto',
      '16 sendmsg',
      '18 accept4',
      '20 sendmmsg',
    ]);
    expect(Math.max(...table.keys())).toBeLessThan(MAX_SOCKET_CALLS);
  });
});
