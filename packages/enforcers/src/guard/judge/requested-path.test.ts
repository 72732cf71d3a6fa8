import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInTaskRoot } from './requested-path.js';

const FILE = '/etc/hostname';

describe('isInTaskRoot', () => {
  const task = spawn('/bin/sleep', ['60'], { cwd: '/etc', stdio: 'ignore' });
  const tid = task.pid ?? 0;
  let fd = -1;
  beforeEach(() => {
    fd = openSync(FILE, 'r');
  });
  afterEach(() => {
    closeSync(fd);
  });

  afterAll(() => {
    task.kill();
  });

  for (const [path, isSame] of [
    [FILE, true],
    ['/etc/../etc/hostname', true],
    ['hostname', true],
    ['/etc/passwd', false],
    ['/etc/none', false],
    ['/proc/self/exe', false],
    ['/proc/self/cwd/hostname', true],
  ] as const)
    it(`looks ${path} up as the task would`, () => {
      expect(isInTaskRoot(tid, path, fd)).toBe(isSame);
    });

  it('finds the executable of the task, not its own', () => {
    const sleep = openSync('/bin/sleep', 'r');
    expect(isInTaskRoot(tid, '/proc/self/exe', sleep)).toBe(true);
    closeSync(sleep);
  });
});
