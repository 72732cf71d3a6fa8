import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Task } from './task.js';

async function commandLineOf(argument: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', 'read end', 'sh', argument], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  const { commandLine } = new Task(child.pid ?? 0, '', '');
  child.stdin.end();
  await once(child, 'close');
  return commandLine;
}

describe('Task', () => {
  it('has the arguments joined by spaces', async () => {
    expect(await commandLineOf('ä b')).toBe('/bin/sh -c read end sh ä b');
  });

  it('has the beginning of a command line that is very long, and says so', async () => {
    const text = await commandLineOf('x'.repeat(100_000));
    expect(text).toMatch(/^\/bin\/sh -c read end sh x+…$/);
    expect(text.length).toBeLessThan(5000);
  });
});
