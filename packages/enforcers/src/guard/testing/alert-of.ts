import type { GuardAlert } from '../guard-alert.js';

/** An alert, told from others by its workload. */
export function alertOf(workload: number): GuardAlert {
  return {
    workload,
    timeNs: '1',
    isEnforced: true,
    decision: { verdict: 'pass' },
    process: {
      hostPid: 1,
      hostParentPid: 0,
      pid: 1,
      uid: 0,
      exe: '',
      parentExe: '',
      commandLine: '',
      cwd: '',
      tty: '',
    },
    operation: { kind: 'file', path: '/a', syscall: 'open' },
  };
}
