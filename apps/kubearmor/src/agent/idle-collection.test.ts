import { describe, expect, it } from 'vitest';
import { IdleCollection } from './idle-collection.js';

const MIB = 1024 * 1024;

describe('IdleCollection', () => {
  it('collects when nothing is done and a burst has left something, and not again before the next burst', () => {
    let [work, rssBytes, collections] = [0, 90 * MIB, 0];
    const collection = new IdleCollection({
      work: () => work,
      rssBytes: () => rssBytes,
      collect: () => {
        collections++;
        rssBytes = 80 * MIB;
      },
    });
    const look = (): number => {
      collection.look();
      return collections;
    };
    expect([look(), look(), look(), look()]).toEqual([0, 1, 1, 1]);
    [work, rssBytes] = [1, 150 * MIB];
    expect([look(), look(), look()]).toEqual([1, 2, 2]);
    rssBytes += 3 * MIB;
    expect(look()).toBe(2);
  });
});
