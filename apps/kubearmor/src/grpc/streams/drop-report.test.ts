import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Drop } from '@kubearmor/telemetry';
import { DropReport } from './drop-report.js';

const shares = [{ workload: '7', messages: 3 }];
const drop: Drop = { stream: 'logs', client: 'pid:7', cause: 'slow-client', shares };

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
    report.add({ ...drop, shares: [...shares, { workload: '8', messages: 1 }] });
    report.add({ stream: 'alerts', cause: 'oversize', shares });
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
