import type { AlertProcess } from '../guard-alert.js';
import type { Task } from './task.js';

/** A task as alerts tell of it. */
export function describeTask(task: Task): AlertProcess {
  return {
    hostPid: task.tgid,
    hostParentPid: task.parentPid,
    pid: task.innerPid,
    uid: task.uid,
    exe: task.exe,
    parentExe: task.parentExe,
    commandLine: task.commandLine,
    cwd: task.cwd,
    tty: task.tty,
  };
}
