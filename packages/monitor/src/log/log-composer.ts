import { capabilityName } from '@kubearmor/kernel';
import { logText, type LogEvent, type LogWorkload } from '@kubearmor/telemetry';
import { markedCall, type CallCache } from '../calls/call-cache.js';
import { calledPath } from '../calls/called-path.js';
import type { CallContext, CallWords } from '../calls/call.js';
import { openFlags } from '@kubearmor/kernel';
import { openFlagsText } from '@kubearmor/telemetry';
import { portableOpenFlags } from '../calls/portable-open-flags.js';
import { wordTcpConnect } from '../calls/network-calls.js';
import { wordQuestion } from './word-question.js';
import type { MonitorEvent } from '../monitor-event.js';
import type { ProcessTree } from '../process/process-tree.js';
import type { KernelTime } from './kernel-time.js';
import { logProcessOf, type NameUser } from './log-process.js';

/** What composing logs needs of the world around it. */
export interface LogComposerDeps {
  /** The workload of a number, always the same object until something about it changes; undefined when it is not known (any more). */
  readonly workloadOf: (id: number) => LogWorkload | undefined;
  /** Names users of the host. By default they have no names. */
  readonly nameUser?: NameUser;
  readonly time: KernelTime;
  readonly tree: ProcessTree;
  readonly calls: CallCache;
}

const HOST = 0;

/** Words events as KubeArmor's logs. */
export class LogComposer {
  readonly #deps: LogComposerDeps;
  #unknownWorkloads = 0;

  constructor(deps: LogComposerDeps) {
    this.#deps = deps;
  }

  /** Events that were dropped because nobody knew their workload. */
  get unknownWorkloads(): number {
    return this.#unknownWorkloads;
  }

  /** Adds an event's log to a list; for a TCP connection two of them, and for what is told to nobody none. */
  compose(event: MonitorEvent, into: LogEvent[]): void {
    if (event.view.isInternal) return;
    const words = this.#wordsOf(event);
    if (words === undefined) return;
    const workload = this.#deps.workloadOf(event.view.workload);
    if (workload === undefined) {
      this.#unknownWorkloads += 1;
      return;
    }
    into.push(this.#logOf(event, workload, words));
    if (event.kind !== 'call' || event.call.name !== 'connect') return;
    const connection = wordTcpConnect(this.#contextOf(event));
    if (connection !== undefined) into.push(this.#logOf(event, workload, connection));
  }

  #logOf(event: MonitorEvent, workload: LogWorkload, { call, Resource }: CallWords): LogEvent {
    const { view } = event;
    const nameUser = view.workload === HOST ? this.#deps.nameUser : undefined;
    const log = {
      atUs: this.#deps.time.wallUs(view.timeNs),
      workload,
      process: logProcessOf(event.process, view, nameUser),
      call,
      Resource,
    };
    return event.kind === 'exec' ? { ...log, Source: callerOf(event) } : log;
  }

  #wordsOf(event: MonitorEvent): CallWords | undefined {
    switch (event.kind) {
      case 'call':
        return event.call.word?.(this.#contextOf(event));
      case 'exec':
        return this.#execWords(event);
      case 'capability':
        return this.#capabilityWords(event);
      case 'dns':
        return wordQuestion(event, this.#deps.calls);
      case 'io-uring':
        return this.#ioUringWords(event);
      case 'fork':
      case 'exit':
        return undefined;
    }
  }

  #contextOf({ view, process }: MonitorEvent): CallContext {
    return { event: view, process, tree: this.#deps.tree, calls: this.#deps.calls };
  }

  #execWords({ view, process }: Extract<MonitorEvent, { kind: 'exec' }>): CallWords {
    const byDescriptor = view.arg(0) !== 0;
    const trace = byDescriptor
      ? ({ kind: 'syscall', name: 'execveat', fd: view.signedArg(1), atFlags: view.arg(2) } as const)
      : ({ kind: 'syscall', name: 'execve' } as const);
    const { exe, argv } = process.image;
    const call = this.#deps.calls.of(view, true, () => ({ kind: 'process', path: '', args: [], trace }));
    return { call, Resource: argv.length < 2 ? exe : process.image.commandLine };
  }

  #capabilityWords({ view, capability }: Extract<MonitorEvent, { kind: 'capability' }>): CallWords {
    const name = capabilityName(capability) ?? String(capability);
    const text = logText({ kind: 'capabilities', capability: name, trace: { kind: 'lsm', hook: 'CAPABLE' } });
    return { call: this.#deps.calls.worded(view, text), Resource: text.Resource };
  }

  // No system call made it: what KubeArmor would say has no words for it.
  #ioUringWords(event: Extract<MonitorEvent, { kind: 'io-uring' }>): CallWords {
    const { view } = event;
    const operation = view.arg(2) === 0 ? 'IORING_OP_OPENAT' : 'IORING_OP_OPENAT2';
    const flags = openFlagsText(portableOpenFlags(view.arg(1), openFlags()));
    const Data = `io_uring=${operation} fd=${view.signedArg(0)} flags=${flags}`;
    const call = markedCall({ Operation: 'File', Data }, view.result, view.flags);
    return { call, Resource: calledPath(this.#contextOf(event), 0, 1) };
  }
}

// Of a workload's first program the caller is outside and not known; its parent stands for it, as KubeArmor always has it.
function callerOf({ caller, process }: Extract<MonitorEvent, { kind: 'exec' }>): string {
  return caller.exe === '' ? process.parentImage.exe : caller.exe;
}
