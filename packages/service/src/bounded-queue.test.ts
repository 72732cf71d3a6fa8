import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';

interface Item {
  readonly id: number;
}

async function drained(queue: BoundedQueue<Item>): Promise<number[]> {
  const ids: number[] = [];
  for await (const item of queue.drain()) ids.push(item.id);
  return ids;
}

describe('BoundedQueue', () => {
  it('refuses a size below one', () => {
    expect(() => new BoundedQueue({ maxItems: 0 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  it('drops and counts what does not fit', async () => {
    const queue = new BoundedQueue<Item>({ maxItems: 2 });
    expect([1, 2, 3].map((id) => queue.push({ id }))).toEqual([true, true, false]);
    queue.close();
    expect(queue.push({ id: 4 })).toBe(false);
    expect(queue.drops).toEqual({ full: 1, closed: 1 });
    expect(await drained(queue)).toEqual([1, 2]);
  });

  it('hands over what comes while a consumer waits', async () => {
    const queue = new BoundedQueue<Item>({ maxItems: 1 });
    const ids = drained(queue);
    await Promise.resolve();
    queue.push({ id: 1 });
    queue.close();
    expect(await ids).toEqual([1]);
  });

  it('ends a waiting consumer when its signal is aborted', async () => {
    const queue = new BoundedQueue<Item>({ maxItems: 1 });
    const abort = new AbortController();
    const next = queue.drain({ signal: abort.signal }).next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(queue.push({ id: 1 })).toBe(true);
  });

  it('keeps the order whatever the interleaving of pushes and takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (maxItems, steps) => {
          const queue = new BoundedQueue<Item>({ maxItems });
          const consumer = queue.drain();
          const model: number[] = [];
          for (const [id, isPush] of steps.entries()) {
            if (isPush) {
              const fits = model.length < maxItems;
              expect(queue.push({ id })).toBe(fits);
              if (fits) model.push(id);
            } else if (model.length > 0) {
              expect((await consumer.next()).value).toEqual({ id: model.shift() });
            }
            expect(queue.size).toBe(model.length);
          }
        },
      ),
    );
  });
});
