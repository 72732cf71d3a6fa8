import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { endProcess, identify, isRunning, runsCommand } from './process-identity.js';

describe('identify', () => {
  it('tells a process from another with its number', () => {
    const self = identify(process.pid);
    expect(self).toBeDefined();
    if (self === undefined) return;
    expect(isRunning(self)).toBe(true);
    expect(isRunning({ ...self, startTime: '1' })).toBe(false);
  });

  it('knows no process that is not there', () => {
    expect(identify(2_147_483_647)).toBeUndefined();
  });
});

describe('endProcess', () => {
  it('ends the process, and no other that has its number', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = identify(child.pid ?? 0) ?? { pid: 0, startTime: '' };
    expect(runsCommand(identity, '60')).toBe(true);
    await endProcess({ ...identity, startTime: '1' });
    expect(isRunning(identity)).toBe(true);
    await endProcess(identity);
    expect(isRunning(identity)).toBe(false);
  });
});
