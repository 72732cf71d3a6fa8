import { forEachRecord, type RingBatch } from '@kubearmor/kernel';
import { CallCache } from './calls/call-cache.js';
import type { CallDescription } from './calls/call.js';
import { CALLS } from './calls/call-table.js';
import type { MonitorEvent } from './monitor-event.js';
import type { ProcessTree } from './process/process-tree.js';
import { EventView } from './record/event-view.js';
import { KIND } from './record/layout.js';

/** Receives events in the order of the ring. */
export type EventHandler = (event: MonitorEvent) => void;

/** Turns the ring's records into events, and keeps the tree of processes as they say. */
export class EventReader {
  readonly tree: ProcessTree;
  /** Words of calls, shared by all that is read. */
  readonly calls: CallCache = new CallCache();
  readonly #view = new EventView();
  #invalid = 0;

  constructor(tree: ProcessTree) {
    this.tree = tree;
  }

  /** Records that were not understood, since the start. */
  get invalidRecords(): number {
    return this.#invalid;
  }

  /** Hands every event of a batch to a handler. */
  read(batch: RingBatch, handler: EventHandler): void {
    forEachRecord(batch, (view, offset, length) => {
      if (!this.#view.reset(view, offset, length)) {
        this.#invalid += 1;
        return;
      }
      const event = this.#eventOf(this.#view);
      if (event === undefined) this.#invalid += 1;
      else handler(event);
    });
  }

  #eventOf(view: EventView): MonitorEvent | undefined {
    const { tree } = this;
    switch (view.kind) {
      case KIND.call:
        return this.#callOf(view, CALLS[view.call - 1]);
      case KIND.fork:
        return { kind: 'fork', view, process: tree.fork(view) };
      case KIND.exec: {
        const { node, caller } = tree.exec(view);
        return { kind: 'exec', view, process: node, caller };
      }
      case KIND.exit:
        return { kind: 'exit', view, process: tree.exit(view) };
      case KIND.capable:
        return { kind: 'capability', view, process: tree.of(view), capability: view.arg(0) };
      case KIND.dns:
        return { kind: 'dns', view, process: tree.of(view) };
      case KIND.ioUring:
        return { kind: 'io-uring', view, process: tree.of(view) };
      default:
        return undefined;
    }
  }

  #callOf(view: EventView, call: CallDescription | undefined): MonitorEvent | undefined {
    if (call === undefined) return undefined;
    const { tree, calls } = this;
    const process = tree.of(view);
    call.follow?.({ event: view, process, tree, calls });
    return { kind: 'call', view, process, call };
  }
}
