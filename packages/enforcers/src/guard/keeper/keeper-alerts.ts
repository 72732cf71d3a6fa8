import { describeTask } from '../judge/describe-task.js';
import type { AlertOperation, AlertProcess, GuardAlert } from '../guard-alert.js';
import type { UnjudgedOperation } from './stand-in.js';
import { Task } from '../judge/task.js';

const NOBODY: AlertProcess = {
  hostPid: 0,
  hostParentPid: 0,
  pid: 0,
  uid: 0,
  exe: '',
  parentExe: '',
  commandLine: '',
  cwd: '',
  tty: '',
};

/** The alert about an operation that was answered while no answerer was running. */
export function unjudgedAlert(
  operation: UnjudgedOperation,
  pathOf: (id: bigint) => string | undefined,
  nowMs: number,
): GuardAlert {
  const { label, tid, isExec, isAllowed, path = '' } = operation;
  const task = new Task(tid, pathOf(label.exe) ?? '', pathOf(label.parentExe) ?? '');
  return {
    workload: label.workload,
    timeNs: toNs(nowMs),
    isEnforced: !isAllowed,
    decision: {
      verdict: isAllowed ? 'pass' : 'deny',
      alert: {
        policyName: 'DefaultPosture',
        rule: 'onError',
        action: isAllowed ? 'Audit' : 'Block',
        severity: 0,
        tags: [],
        message: 'no answerer was running',
      },
    },
    process: describeTask(task),
    operation: isExec
      ? { kind: 'process', path, argv: [], syscall: 'execve' }
      : { kind: 'file', path, syscall: 'open' },
  };
}

/** The alert about a time in which nobody answered, so that the kernel let everything pass. */
export function gapAlert(workload: number, gapMs: number, nowMs: number): GuardAlert {
  const operation: AlertOperation = { kind: 'file', path: '/', syscall: 'open' };
  return {
    workload,
    timeNs: toNs(nowMs),
    isEnforced: false,
    decision: {
      verdict: 'pass',
      alert: {
        policyName: 'DefaultPosture',
        rule: 'builtin:gap',
        action: 'Audit',
        severity: 10,
        tags: [],
        message: `the guard was not running for ${Math.round(gapMs)} ms: files and programs were not judged, sockets were`,
      },
    },
    process: NOBODY,
    operation,
  };
}

function toNs(nowMs: number): string {
  return String(BigInt(Math.round(nowMs)) * 1_000_000n);
}
