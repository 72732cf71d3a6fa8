import { MS_PRIVATE, MS_REMOUNT, MS_SHARED, MS_SLAVE, MS_UNBINDABLE } from '@kubearmor/kernel';
import {
  decide,
  decideLink,
  type Decision,
  type ExecOperation,
  type FileObject,
  type Subject,
} from '@kubearmor/policy';
import { RepeatFilter } from '@kubearmor/telemetry';
import { changedObjects, isSubtree } from './changed-objects.js';
import type { ExecutableIds } from '../labels/executable-ids.js';
import { formerDecision } from './former-decision.js';
import type { AlertOperation, GuardAlert } from '../guard-alert.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import { CELL, EVENT } from '../layout.js';
import type { ObservedCall } from './observation.js';
import {
  decodeEvent,
  decodeExecEvent,
  decodeSocketEvent,
  decodeSyscallEvent,
  type GuardEvent,
} from './ring-event.js';
import { RecentTasks } from './recent-tasks.js';
import { strictest } from '../judge/strictest.js';
import { readExecutable, Task } from '../judge/task.js';
import { sharesHostRoot } from '../workload-number.js';

/** What the observer needs of the world around it. */
export interface ObserverDeps {
  /** Whose rules the tasks of a workload are under. */
  readonly judging: (id: number) => readonly GuardedWorkload[] | undefined;
  readonly ids: ExecutableIds;
  readonly callOf: (number: number, isCompat: boolean) => ObservedCall | undefined;
  /** Files have got other names. */
  readonly namesChanged: (workload: number, isMount: boolean) => void;
  readonly alert: (alert: GuardAlert) => void;
  /** An alert was due of a workload that nobody knows here. */
  readonly unknown: () => void;
  /** Wall-clock time of a moment of the kernel's monotonic clock. */
  readonly wallNsOf: (kernelNs: bigint) => bigint;
}

type Judging = readonly GuardedWorkload[];

const MS_MGC = 0xc0ed;
const USES = ['create', 'bind', 'connect', 'send'] as const;

const ALTERED: Decision = {
  verdict: 'deny',
  alert: {
    policyName: 'DefaultPosture',
    rule: 'builtin:altered-exec',
    action: 'Block',
    severity: 0,
    tags: [],
    message: 'the program or its arguments were changed after they had been judged; the process was killed',
  },
};

// A mount(2) that changes how mounts propagate, or their flags, gives nothing another name.
function isMounting(given: number): boolean {
  // mount(8) puts a magic number in the upper half, which the kernel then ignores.
  const flags = given >>> 16 === MS_MGC ? given & 0xffff : given;
  return (flags & (MS_REMOUNT | MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_UNBINDABLE)) === 0;
}

/** Turns what the guard's kernel programs report into alerts. */
export class Observer {
  readonly #deps: ObserverDeps;
  /** One process on one socket under one rule alerts once (semantics §5). */
  readonly #repeats = new RepeatFilter();
  readonly #recent = new RecentTasks();

  constructor(deps: ObserverDeps) {
    this.#deps = deps;
  }

  /** Takes one record of the ring. */
  observe(view: DataView, offset: number): void {
    const event = decodeEvent(view, offset);
    const workloads = this.#deps.judging(event.workload) ?? [];
    const own = workloads.find(({ id }) => id === event.workload);
    switch (event.kind) {
      case EVENT.socket:
        // Its workload is the one whose rules decided.
        if (own === undefined) this.#deps.unknown();
        else this.#socket(own, event, view, offset);
        return;
      case EVENT.execAltered:
        if (workloads.length === 0) this.#deps.unknown();
        else this.#execAltered(event, view, offset);
        return;
      case EVENT.execUnseen:
        this.#execUnseen(workloads, event, view, offset);
        return;
      case EVENT.syscall:
        this.#syscall(workloads, event, view, offset);
        return;
    }
  }

  #socket(workload: GuardedWorkload, event: GuardEvent, view: DataView, offset: number): void {
    const socket = decodeSocketEvent(view, offset);
    const table = workload.tableOf(event.ruleSetId);
    const decision =
      table === undefined
        ? formerDecision(workload, event, socket, this.#deps.ids.pathOf(event.exe) ?? '')
        : table.at(event.cell & CELL.rule);
    if (decision === undefined) return;
    if (
      socket.cookie !== 0n &&
      !this.#repeats.isFirst(`${event.tgid} ${socket.cookie} ${decision.alert?.rule ?? ''}`)
    )
      return;
    const use = USES[socket.operation] ?? 'create';
    const address = use === 'create' ? {} : { address: socket.address, port: socket.port };
    const { family, type, protocol } = socket;
    this.#raise(
      event,
      decision,
      { kind: 'network', use, family, type, protocol, ...address },
      !workload.isAudited,
    );
  }

  #execAltered(event: GuardEvent, view: DataView, offset: number): void {
    const { name } = decodeExecEvent(view, offset);
    this.#raise(event, ALTERED, { kind: 'process', path: name, argv: [], syscall: 'execve' }, true);
  }

  // Executed without a permission event: too late to refuse, not too late to tell.
  #execUnseen(workloads: Judging, event: GuardEvent, view: DataView, offset: number): void {
    const { name } = decodeExecEvent(view, offset);
    const object: FileObject = { path: name, ownerUid: event.uid, anonymous: true };
    const operation: ExecOperation = {
      kind: 'exec',
      subject: this.#subject(event),
      requestedPath: name,
      argv: [],
      links: [{ ...object, role: 'program' }],
    };
    const found = strictest(workloads.map((by) => ({ by, decision: decideLink(by.bound, operation, 0) })));
    if (found?.decision.alert === undefined) return;
    const told: AlertOperation = { kind: 'process', path: name, argv: [], syscall: 'execve' };
    this.#raise({ ...event, workload: found.by.id }, found.decision, told, false);
  }

  #syscall(workloads: Judging, event: GuardEvent, view: DataView, offset: number): void {
    const call = decodeSyscallEvent(view, offset);
    const described = this.#deps.callOf(call.syscall, call.isCompat);
    if (described === undefined) return;
    if (described.name === 'mount' && !isMounting(Number(call.args[3]))) return;
    if (described.isRenaming) this.#deps.namesChanged(event.workload, described.name.includes('mount'));
    const found = strictest(
      workloads.map((by) => {
        const objects = changedObjects(by, event.tid, described, call);
        const decision = decide(by.bound, {
          kind: 'file',
          subject: this.#subject(event),
          access: ['write'],
          objects,
          ...(isSubtree(described, call.args) ? { subtree: true } : {}),
        });
        const path = objects.map((object) => object.path).join(' ');
        return { by: { id: by.id, isAudited: by.isAudited, path }, decision };
      }),
    );
    if (found?.decision.alert === undefined) return;
    const told: AlertOperation = { kind: 'file', path: found.by.path, syscall: described.name };
    this.#raise({ ...event, workload: found.by.id }, found.decision, told, false);
  }

  // The task may be gone by now; the record has the real user id only.
  #subject(event: GuardEvent): Subject {
    const { exe, parentExe } = this.#task(event);
    return { exe, parentExe, fsUid: event.uid, hasTty: event.hasTty };
  }

  #task(event: GuardEvent): Task {
    const exe = this.#deps.ids.pathOf(event.exe) ?? this.#seenExecutable(event);
    return new Task(event.tid, exe, this.#deps.ids.pathOf(event.parentExe) ?? '');
  }

  // Of a task of the machine's own that nobody has seen execute anything, what it runs now is all that can be known.
  #seenExecutable(event: GuardEvent): string {
    return event.exe === 0n && sharesHostRoot(event.workload) ? (readExecutable(event.tid) ?? '') : '';
  }

  #raise(event: GuardEvent, decision: Decision, operation: AlertOperation, isEnforced: boolean): void {
    const { exe, parentExe } = this.#task(event);
    const { commandLine, cwd, tty } = this.#recent.of(event);
    this.#deps.alert({
      workload: event.workload,
      timeNs: String(this.#deps.wallNsOf(event.timeNs)),
      decision,
      isEnforced: isEnforced && decision.verdict === 'deny',
      process: {
        hostPid: event.tgid,
        hostParentPid: event.parentPid,
        pid: event.innerPid,
        uid: event.uid,
        exe,
        parentExe,
        commandLine: commandLine || exe,
        cwd,
        tty,
      },
      operation,
    });
  }
}
