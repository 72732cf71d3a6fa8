import { readdirSync, readlinkSync } from 'node:fs';
import {
  procfs,
  procPath,
  readCmdline,
  readCwd,
  readExe,
  readStat,
  readStatus,
  ttyName,
} from '@kubearmor/kernel';
import type { ProcessFacts, ProcessSource } from './process-source.js';

/** Reads processes from /proc. */
export class ProcSource implements ProcessSource {
  read(pid: number): ProcessFacts | undefined {
    const stat = readStat(pid);
    const status = readStatus(pid);
    if (stat === undefined || status === undefined || status.tgid !== pid) return undefined;
    return {
      pid,
      startTicks: Number(stat.startTime),
      parentPid: stat.ppid,
      exe: readExe(pid) ?? '',
      argv: readCmdline(pid) ?? [],
      cwd: readCwd(pid) ?? '/',
      // Programs know terminals as pts/0; the kernel, and KubeArmor, say pts0.
      tty: (ttyName(stat.ttyNr) ?? '').replace('/', ''),
      innerPid: status.nspid.at(-1) ?? pid,
      innerParent: readStatus(stat.ppid)?.nspid.at(-1) ?? stat.ppid,
      pidNamespace: namespace(pid, 'pid'),
      mountNamespace: namespace(pid, 'mnt'),
    };
  }

  pids(): readonly number[] {
    return readdirSync(procfs()).map(Number).filter(Number.isInteger);
  }
}

function namespace(pid: number, kind: 'pid' | 'mnt'): number {
  try {
    return Number(/\d+/.exec(readlinkSync(procPath(`${pid}/ns/${kind}`)))?.[0] ?? 0);
  } catch {
    return 0;
  }
}
