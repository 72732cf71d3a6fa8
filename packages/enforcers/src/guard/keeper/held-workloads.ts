import { close, open, openFlags } from '@kubearmor/kernel';
import { EnforcerError } from '../../errors.js';
import type { Denials } from '../guarded-workload.js';
import type { WorkloadOrder } from '../messages.js';
import { needsObservation } from '../observe/observation.js';

interface Held {
  readonly order: WorkloadOrder;
  readonly rootFd: number;
}

/** What the keeper knows of every workload, so that a new answerer can be told; a descriptor keeps each root reachable. */
export class HeldWorkloads {
  readonly #held = new Map<number, Held>();

  /** Whether any rule set has rules that system calls without permission events can break. */
  get needObservation(): boolean {
    return [...this.#held.values()].some((held) => needsObservation(held.order.ruleSet));
  }

  has(id: number): boolean {
    return this.#held.has(id);
  }

  denialsOf(id: number): Denials | undefined {
    return this.#held.get(id)?.order.denials;
  }

  /** Orders that a new answerer needs, in the order in which the workloads came. */
  orders(): readonly WorkloadOrder[] {
    return [...this.#held.values()].map((held) => held.order);
  }

  /** Takes an order in; returns it with a root that stays reachable, and how to take it back. */
  put(given: WorkloadOrder): { readonly order: WorkloadOrder; readonly undo: () => void } {
    const previous = this.#held.get(given.id);
    const rootFd = previous?.rootFd ?? openRoot(given.root);
    const order = { ...given, root: `/proc/${process.pid}/fd/${rootFd}` };
    this.#held.set(given.id, { order, rootFd });
    const undo = (): void => {
      if (previous !== undefined) this.#held.set(given.id, previous);
      else this.remove(given.id);
    };
    return { order, undo };
  }

  /** Lets a workload go. */
  remove(id: number): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    if (held !== undefined) close(held.rootFd);
  }
}

function openRoot(path: string): number {
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  const fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0)
    throw new EnforcerError('WORKLOAD_GONE', `root ${path}: expected a directory, got errno ${-fd}`);
  return fd;
}
