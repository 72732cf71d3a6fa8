import { createAlert, operationText, type Alert, type OperationFacts } from '@kubearmor/telemetry';
import type { AlertContext } from '../enforcer.js';
import type { AlertOperation, GuardAlert } from './guard-alert.js';
import { WORKLOAD } from './workload-number.js';

const NETWORK_CALLS = { create: 'socket', bind: 'bind', connect: 'connect', send: 'sendto' } as const;

const COMM_LENGTH = 15;

/** The alert that users see, of what the guard raised. */
export function composeAlert(raised: GuardAlert, { node, workload, userName }: AlertContext): Alert {
  const isHost = raised.workload === WORKLOAD.host;
  const { process, decision } = raised;
  const rule = decision.alert;
  const isDenied = decision.verdict === 'deny';
  const tags = rule?.tags ?? [];
  return createAlert({
    atNs: BigInt(raised.timeNs),
    node,
    ...(isHost ? {} : { workload }),
    process: {
      HostPPID: process.hostParentPid,
      HostPID: process.hostPid,
      PPID: process.hostParentPid,
      PID: process.pid,
      UID: process.uid,
      // Of an exec the process is already the one that is to be, and who asks for it its parent: so KubeArmor tells it.
      ParentProcessName: raised.operation.kind === 'process' ? process.exe : process.parentExe,
      ProcessName: raised.operation.kind === 'process' ? raised.operation.path : process.exe,
      Cwd: process.cwd === '' || process.cwd.endsWith('/') ? process.cwd : `${process.cwd}/`,
      TTY: process.tty,
      ...(isHost && userName !== undefined ? { UserName: userName(process.uid) } : {}),
      ExecEvent: { ExecID: '0', ExecutableName: commOf(process.exe) },
    },
    decision: {
      Type: isHost ? 'MatchedHostPolicy' : 'MatchedPolicy',
      PolicyName: rule?.policyName ?? 'DefaultPosture',
      // A Block that the guard could only watch is no Block: KubeArmor's word for that is Audit (Block).
      Action: isDenied && !raised.isEnforced ? 'Audit (Block)' : (rule?.action ?? 'Audit'),
      Result: raised.isEnforced ? 'Permission denied' : 'Passed',
      Enforcer: isDenied && !raised.isEnforced ? 'eBPF Monitor' : 'Guard',
      Rule: rule?.rule ?? '',
      Severity: rule === undefined || rule.severity === 0 ? '' : String(rule.severity),
      Tags: tags.join(','),
      ATags: tags,
      Message: rule?.message ?? '',
    },
    operation: { Source: sourceOf(raised), ...operationText(factsOf(raised.operation)) },
  });
}

// The name that the kernel gives a process that runs it.
function commOf(exe: string): string {
  return exe.slice(exe.lastIndexOf('/') + 1).slice(0, COMM_LENGTH);
}

// KubeArmor names as the source of an exec the program that asks for it, of anything else the whole command line.
function sourceOf({ operation, process }: GuardAlert): string {
  return operation.kind === 'process' ? process.exe : process.commandLine;
}

function factsOf(operation: AlertOperation): OperationFacts {
  switch (operation.kind) {
    case 'process':
      return {
        kind: 'process',
        path: operation.path,
        args: operation.argv,
        trace: { kind: 'syscall', name: operation.syscall },
      };
    case 'file':
      return {
        kind: 'file',
        path: operation.path,
        trace: {
          kind: 'syscall',
          name: operation.syscall,
          ...(operation.dirFd === undefined ? {} : { fd: operation.dirFd }),
          ...(operation.flags === undefined ? {} : { openFlags: operation.flags }),
        },
      };
    case 'network': {
      const { family, type, protocol, address, port } = operation;
      return {
        kind: 'network',
        object:
          address === undefined || port === undefined
            ? { kind: 'socket', family, type, protocol }
            : { kind: 'inet', family, address, port },
        trace: { kind: 'syscall', name: NETWORK_CALLS[operation.use] },
      };
    }
  }
}
