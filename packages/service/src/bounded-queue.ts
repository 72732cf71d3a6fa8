import { ServiceError } from './errors.js';

/** How a {@link BoundedQueue} is made. */
export interface BoundedQueueOptions {
  /** How many items may wait. At least 1. */
  readonly maxItems: number;
}

/** How a {@link BoundedQueue} is drained. */
export interface DrainOptions {
  /** Ends the iteration when aborted. By default it ends only when the queue is closed and empty. */
  readonly signal?: AbortSignal;
}

/** How many items were refused, by cause. */
export interface QueueDrops {
  /** The queue was full. */
  readonly full: number;
  /** The queue had been closed. */
  readonly closed: number;
}

/** A first-in first-out queue that refuses, and counts, what does not fit. */
export class BoundedQueue<T extends object> {
  readonly #maxItems: number;
  readonly #waiting = new Set<() => void>();
  #items: (T | undefined)[] = [];
  #head = 0;
  #isClosed = false;
  #droppedFull = 0;
  #droppedClosed = 0;

  constructor(options: BoundedQueueOptions) {
    if (!Number.isSafeInteger(options.maxItems) || options.maxItems < 1) {
      throw new ServiceError(
        'OPTION_INVALID',
        `maxItems: expected an integer of at least 1, got ${options.maxItems}`,
      );
    }
    this.#maxItems = options.maxItems;
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** What was refused so far. */
  get drops(): QueueDrops {
    return { full: this.#droppedFull, closed: this.#droppedClosed };
  }

  /** Adds an item; false when it was dropped. */
  push(item: T): boolean {
    if (this.#isClosed) {
      this.#droppedClosed += 1;
      return false;
    }
    if (this.size >= this.#maxItems) {
      this.#droppedFull += 1;
      return false;
    }
    this.#items.push(item);
    this.#wakeAll();
    return true;
  }

  /** Takes no more items; iterations end when what waits has been drained. */
  close(): void {
    this.#isClosed = true;
    this.#wakeAll();
  }

  /** Takes items out in order, waiting for more, until the queue is closed and empty. Each item goes to one consumer. */
  async *drain(options: DrainOptions = {}): AsyncGenerator<T, void, undefined> {
    const { signal } = options;
    while (signal?.aborted !== true) {
      const item = this.#take();
      if (item !== undefined) yield item;
      else if (this.#isClosed) return;
      else await this.#change(signal);
    }
  }

  #take(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // Shifting an array for each item costs its length; dropping the emptied front once per maxItems does not.
    if (this.#head === this.#items.length || this.#head >= this.#maxItems) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  async #change(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    this.#waiting.add(wake);
    signal?.addEventListener('abort', wake);
    await promise;
    this.#waiting.delete(wake);
    signal?.removeEventListener('abort', wake);
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }
}
