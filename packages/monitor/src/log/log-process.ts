import type { LogProcess } from '@kubearmor/telemetry';
import type { ProcessNode } from '../process/process-node.js';
import type { EventView } from '../record/event-view.js';

/** Names a user of the host; undefined for those of workloads, whose names are others. */
export type NameUser = (uid: number) => string | undefined;

/** What the logs of a process have in common: one object, kept until something of it changes. */
export function logProcessOf(
  process: ProcessNode,
  event: EventView,
  nameUser: NameUser | undefined,
): LogProcess {
  const { log } = process;
  if (log !== undefined && log.UID === event.uid && log.HostPPID === event.parent) return log;
  const made = createLogProcess(process, event, nameUser?.(event.uid));
  process.log = made;
  return made;
}

function createLogProcess(process: ProcessNode, event: EventView, UserName: string | undefined): LogProcess {
  const { pid, image, parentImage, cwd, tty, innerPid, innerParent, execId } = process;
  return {
    HostPPID: event.parent,
    HostPID: pid,
    // As KubeArmor has it: 0 where the parent's id is the same inside and outside.
    PPID: innerParent === event.parent ? 0 : innerParent,
    PID: innerPid,
    UID: event.uid,
    ParentProcessName: parentImage.exe,
    ProcessName: image.exe,
    Source: image.commandLine,
    Cwd: cwd.endsWith('/') ? cwd : `${cwd}/`,
    TTY: tty,
    ExecEvent: { ExecID: execId, ExecutableName: image.comm },
    ...(UserName === undefined ? {} : { UserName }),
    ...hashesOf(process),
  };
}

function hashesOf({
  image,
  parentImage,
}: ProcessNode): Pick<LogProcess, 'ProcessHash' | 'ParentHash' | 'HashAlgo'> {
  if (image.hash === undefined) return {};
  const { algorithm: HashAlgo, digest: ProcessHash } = image.hash;
  const ParentHash = parentImage.hash?.digest;
  return { ProcessHash, ...(ParentHash === undefined ? {} : { ParentHash }), HashAlgo };
}
