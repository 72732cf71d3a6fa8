import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, identitySchema, type ProcessIdentity } from '@kubearmor/enforcers';
import type { Bpffs } from '@kubearmor/kernel';

const AGENT = 'agent.json';
const BPFFS = 'bpffs.mounted';
const SERVICES = ['grpc.port', 'grpc.sock', 'metrics.port'] as const;

/** Notes for `release` what it must end and undo: this process, and the BPF file system if it was we who mounted it. */
export function writeRunFiles(runDir: string, bpffs: Bpffs): void {
  const agent = identify(process.pid);
  if (agent !== undefined) writeFileSync(join(runDir, AGENT), JSON.stringify(agent), { mode: 0o600 });
  if (bpffs.isOurs) writeFileSync(join(runDir, BPFFS), bpffs.path, { mode: 0o600 });
}

/** The agent that was started last; undefined when none is known. */
export function readAgent(runDir: string): ProcessIdentity | undefined {
  try {
    return identitySchema.parse(JSON.parse(readFileSync(join(runDir, AGENT), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Where we mounted the BPF file system; undefined when it was there before. */
export function readOwnBpffs(runDir: string): string | undefined {
  const path = join(runDir, BPFFS);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Removes both notes, and what an agent that was killed left of its services. */
export function removeRunFiles(runDir: string): void {
  for (const name of [AGENT, BPFFS, ...SERVICES]) rmSync(join(runDir, name), { force: true });
}
