import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DropReport } from './drop-report.js';
import type { FeedDrop } from './feed.js';

const drop: FeedDrop = { feed: 'logs', client: 'pid:7', cause: 'slow-client', messages: 3 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('DropReport', () => {
  it('adds up what a client lost, and tells it once a second', () => {
    const lines: string[] = [];
    const report = new DropReport({ report: (line) => lines.push(line) });
    report.add(drop);
    report.add({ ...drop, messages: 4 });
    report.add({ ...drop, feed: 'alerts', client: '', cause: 'oversize' });
    expect(lines).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(lines).toEqual(['dropped 7 logs for client pid:7: slow-client', 'dropped 3 alerts: oversize']);
    vi.advanceTimersByTime(10_000);
    expect(lines).toHaveLength(2);
    report.add(drop);
    report.close();
    expect(lines).toHaveLength(3);
  });
});
