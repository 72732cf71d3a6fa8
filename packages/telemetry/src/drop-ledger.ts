import type { WorkloadShare } from './lines.js';

/** Messages that were lost on one way for one reason. */
export interface Drop {
  /** `alerts`, `logs` or `messages`. */
  readonly stream: string;
  /** Where and why: `ring-full`, `slow-client`, `file: full`. */
  readonly cause: string;
  /** The client that did not get them; undefined where nobody did. */
  readonly client?: string;
  readonly shares: readonly WorkloadShare[];
}

/** How many messages of one workload were lost for one reason. */
export interface DropCount {
  readonly stream: string;
  readonly cause: string;
  /** Its ContainerID; empty for the host, {@link ENDED} for all that are gone. */
  readonly workload: string;
  readonly count: number;
}

/** Stands for the workloads that are gone: what is kept must not grow with them. */
export const ENDED = 'ended';

/** Counts what was lost, by stream, cause and workload. */
export class DropLedger {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #onDrop: (drop: Drop) => void;

  /** `onDrop` is told of everything. By default nobody is. */
  constructor(onDrop: (drop: Drop) => void = () => undefined) {
    this.#onDrop = onDrop;
  }

  /** Counts a loss. */
  add(drop: Drop): void {
    for (const { workload, messages } of drop.shares) {
      this.#count(keyOf(drop.stream, drop.cause), workload, messages);
    }
    this.#onDrop(drop);
  }

  /** Adds what a workload has lost to that of those that are gone. */
  forget(workload: string): void {
    for (const [key, ofKey] of this.#counts) {
      const count = ofKey.get(workload);
      ofKey.delete(workload);
      if (count !== undefined) this.#count(key, ENDED, count);
    }
  }

  /** Every count that is not zero. */
  all(): readonly DropCount[] {
    return [...this.#counts].flatMap(([key, ofKey]) => {
      const [stream = '', cause = ''] = key.split('\0');
      return [...ofKey].map(([workload, count]) => ({ stream, cause, workload, count }));
    });
  }

  #count(key: string, workload: string, count: number): void {
    const ofKey = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, ofKey);
    ofKey.set(workload, (ofKey.get(workload) ?? 0) + count);
  }
}

function keyOf(stream: string, cause: string): string {
  return `${stream}\0${cause}`;
}
