import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  parseStat,
  parseStatus,
  parseSyscall,
  readCmdline,
  readComm,
  readCwd,
  readExe,
  readStat,
  readStatus,
  readSyscall,
} from './proc.js';
import { namespaceInode } from './namespaces.js';
import { ttyName } from './tty-name.js';
import { parsePasswd, UserNames } from './user-names.js';

const GONE = 0x3fff_ffff;

describe('/proc of this process', () => {
  it('tells what it is', () => {
    expect(readExe(process.pid)).toBe(realpathSync(process.execPath));
    expect(readCwd(process.pid)).toBe(process.cwd());
    expect(readCmdline('self')?.length).toBeGreaterThan(0);
    expect(readComm('self')?.length).toBeGreaterThan(0);
    expect(readStatus('self')).toMatchObject({ pid: process.pid, tgid: process.pid, ppid: process.ppid });
    expect(readStat('self')).toMatchObject({ pid: process.pid, ppid: process.ppid });
    expect(namespaceInode('self', 'mnt')).toBeGreaterThanOrEqual(4_026_531_832);
  });

  it('has nothing to tell of a process that is gone', () => {
    const readers = [readExe, readCwd, readCmdline, readComm, readStatus, readStat, readSyscall];
    for (const reader of readers) expect(reader(GONE)).toBeUndefined();
    expect(namespaceInode(GONE, 'mnt')).toBeUndefined();
  });

  it('shows the system call that a child waits in', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    await expect.poll(() => readComm(child.pid ?? 0)).toBe('cat');
    await expect
      .poll(() => readSyscall(child.pid ?? 0))
      .toMatchObject({ nr: process.arch === 'arm64' ? 63 : 0 });
    child.kill('SIGKILL');
  });
});

describe('parseSyscall', () => {
  it('reads the three forms', () => {
    const open = parseSyscall('257 0xffffff9c 0x7ffd 0x8000 0x0 0x1 0xffffffffffffffff 0x7ffe 0x7fff\n');
    expect(open).toEqual({ nr: 257, args: [0xffff_ff9cn, 0x7ffdn, 0x8000n, 0n, 1n, 0xffff_ffff_ffff_ffffn] });
    expect(parseSyscall('running\n')).toBe('running');
    expect(parseSyscall('-1 0x7ffe 0x7fff\n')).toEqual({ nr: -1, args: [] });
    expect(parseSyscall('nonsense')).toBeUndefined();
  });
});

describe('parseStat', () => {
  it('is not confused by a command with spaces and parentheses', () => {
    const text = `7 (a) (b c) S 1 7 6 34819 7 ${'0 '.repeat(13)}4242 0\n`;
    expect(parseStat(text)).toMatchObject({ pid: 7, comm: 'a) (b c', state: 'S', ppid: 1, ttyNr: 34_819 });
    expect(parseStat(text)?.startTime).toBe(4242n);
    expect(parseStat('')).toBeUndefined();
  });
});

describe('parseStatus', () => {
  it('reads identities, namespaces and privileges', () => {
    const text =
      'Name:\tsh\nTgid:\t10\nPid:\t11\nPPid:\t1\nTracerPid:\t0\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n' +
      'NSpid:\t11\t2\nThreads:\t3\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n';
    expect(parseStatus(text)).toEqual({
      name: 'sh',
      tgid: 10,
      pid: 11,
      ppid: 1,
      tracerPid: 0,
      uid: 1,
      euid: 2,
      fsuid: 4,
      gid: 5,
      egid: 6,
      fsgid: 8,
      threads: 3,
      nspid: [11, 2],
      capEff: 0xa804_25fbn,
      seccomp: 2,
      hasNoNewPrivs: true,
    });
    expect(parseStatus('').capEff).toBe(0n);
  });
});

describe('ttyName', () => {
  it('names terminals as under /dev', () => {
    expect(ttyName(0)).toBeUndefined();
    expect(ttyName(0x8803)).toBe('pts/3');
    // Minor 300 of major 136: its upper bits are above the major.
    expect(ttyName((136 << 8) | (300 & 0xff) | ((300 & ~0xff) << 12))).toBe('pts/300');
    expect(ttyName(0x0401)).toBe('tty1');
    expect(ttyName(0x0440)).toBe('ttyS0');
    expect(ttyName(0x0501)).toBe('console');
    expect(ttyName(0xcc40)).toBe('char/204:64');
  });
});

describe('UserNames', () => {
  it('takes the first name of a number, and the number without one', () => {
    const names = parsePasswd(
      'root:x:0:0::/root:/bin/sh\ntoor:x:0:0:::\n+::::::\nbad\nuser:x:1000:1000:::\n',
    );
    expect([...names]).toEqual([
      [0, 'root'],
      [1000, 'user'],
    ]);
    const users = new UserNames();
    expect(users.userName(0)).toBe('root');
    users.refresh();
    expect(users.userName(4_000_000)).toBe('4000000');
    expect(new UserNames('/nowhere').userName(0)).toBe('0');
  });
});
