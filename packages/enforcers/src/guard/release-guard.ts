import { rmSync } from 'node:fs';
import { callJson } from '@kubearmor/service';
import { GuardPrograms, type GuardProgramsOptions } from './guard-programs.js';
import { GuardState, type GuardProcesses } from './guard-state.js';
import { endProcess, runsCommand, type ProcessIdentity } from './process-identity.js';

/** Where a guard is to be found. */
export interface ReleaseGuardOptions extends GuardProgramsOptions {
  readonly socket: string;
  readonly stateFile: string;
  /** Directory of the alert journal. */
  readonly spool: string;
}

const TIMEOUT_MS = 3000;

/** Ends the guard of this machine, with or without a keeper that answers, and removes all that it had. */
export async function releaseGuard(options: ReleaseGuardOptions): Promise<void> {
  const state = new GuardState(options.stateFile);
  const processes = state.read();
  await callJson(options.socket, 'release', {}, { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  if (processes !== undefined) {
    await endOurs(processes.keeper, 'keeper');
    await endAnswerers(processes);
  }
  // An answerer may have been replaced meanwhile.
  await endAnswerers(state.read());
  new GuardPrograms(options).release();
  state.remove();
  rmSync(options.socket, { force: true });
  rmSync(options.spool, { recursive: true, force: true });
}

async function endAnswerers(processes: GuardProcesses | undefined): Promise<void> {
  if (processes === undefined) return;
  for (const answerer of [...processes.answerers, ...processes.idle]) await endOurs(answerer, 'answerer');
}

async function endOurs(process: ProcessIdentity, command: string): Promise<void> {
  if (runsCommand(process, command)) await endProcess(process);
}
