import { existsSync, readFileSync } from 'node:fs';
import { callJson } from '@kubearmor/service';
import { GuardPrograms, type GuardProgramsOptions } from './guard-programs.js';

/** Where a guard is to be found. */
export interface ReleaseGuardOptions extends GuardProgramsOptions {
  readonly socket: string;
  readonly stateFile: string;
}

/** Ends the guard of this machine, with or without a keeper that answers, and removes its pins. */
export async function releaseGuard(options: ReleaseGuardOptions): Promise<void> {
  await callJson(options.socket, 'release', {}, { timeoutMs: 5000 }).catch(() => undefined);
  const answerer = orphanOf(options.stateFile);
  if (answerer !== undefined) process.kill(answerer, 'SIGKILL');
  new GuardPrograms(options).release();
}

function orphanOf(stateFile: string): number | undefined {
  if (!existsSync(stateFile)) return undefined;
  const state: unknown = JSON.parse(readFileSync(stateFile, 'utf8'));
  if (typeof state !== 'object' || state === null || !('answerer' in state)) return undefined;
  const pid = Number(state.answerer);
  return existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('answerer')
    ? pid
    : undefined;
}
