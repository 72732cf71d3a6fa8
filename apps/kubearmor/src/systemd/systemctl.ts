import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AgentError } from '../errors.js';

/** Whether systemd is this machine's first process. */
export function isSystemdRunning(): boolean {
  return existsSync('/run/systemd/system');
}

/** Runs `systemctl`. Throws SYSTEMCTL_FAILED with what it said. */
export function systemctl(...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('systemctl', words, { encoding: 'utf8' });
  if (status === 0) return;
  const said = error === undefined ? stderr.trim() : String(error);
  throw new AgentError('SYSTEMCTL_FAILED', `systemctl ${words.join(' ')}: expected success, got: ${said}`);
}
