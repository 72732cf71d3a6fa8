import { FakeClock } from '@kubearmor/service';
import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.js';
import { formatAlertJson } from './json-format.js';
import { Throttle, type ThrottleKey } from './throttle.js';

const alert: Alert = {
  Timestamp: 1,
  UpdatedTime: 'x',
  HostName: 'node-1',
  PodName: 'web-0',
  PPID: 5,
  PID: 6,
  UID: 7,
  PolicyName: 'p',
  Type: 'MatchedPolicy',
  Operation: 'File',
  Resource: '/etc/passwd',
  Enforcer: 'Guard',
  Action: 'Block',
  Result: 'Permission denied',
};
const key: ThrottleKey = { workload: 'web-0', rule: 'posture:file' };

interface Setup {
  readonly clock: FakeClock;
  readonly notices: Alert[];
  readonly throttle: Throttle;
}

function setup(maxWindows = 10): Setup {
  const clock = new FakeClock(1_000_000_000_000_000_000n);
  const notices: Alert[] = [];
  const report = (notice: Alert): void => void notices.push(notice);
  const throttle = new Throttle({ clock, report }, { maxAlertPerSec: 2, throttleSec: 30, maxWindows });
  return { clock, notices, throttle };
}

function admitted(throttle: Throttle, count: number, of: ThrottleKey = key): number {
  return Array.from({ length: count }, () => throttle.admits(alert, of)).filter(Boolean).length;
}

describe('Throttle', () => {
  it('lets as many through per second as it may', () => {
    const { clock, notices, throttle } = setup();
    for (let second = 0; second < 5; second += 1) {
      expect(admitted(throttle, 2)).toBe(2);
      clock.advance(1_000);
    }
    throttle.closeExpired();
    expect(notices).toEqual([]);
  });

  it('holds back the rest of the window and says how many there were', () => {
    const { clock, notices, throttle } = setup();
    expect(admitted(throttle, 5)).toBe(2);
    clock.advance(29_999);
    expect(admitted(throttle, 1)).toBe(0);
    throttle.closeExpired();
    expect(notices).toEqual([]);
    clock.advance(1);
    throttle.closeExpired();
    expect(notices.map((notice) => formatAlertJson(notice))).toEqual([
      '{"Timestamp":1000000030,"UpdatedTime":"2001-09-09T01:47:10.000000Z","HostName":"node-1","PodName":"web-0",' +
        '"PPID":0,"UID":0,"Message":"4 alerts were held back","Type":"SystemEvent","Operation":"AlertThreshold",' +
        '"Data":"heldBack=4","EventData":{"HeldBack":"4","Rule":"posture:file"},"Enforcer":"Guard","Result":"Passed",' +
        '"MaxAlertsPerSec":2,"DroppingAlertsInterval":30}',
    ]);
    expect(admitted(throttle, 3)).toBe(2);
  });

  it('closes a window that is over by the next alert, too', () => {
    const { clock, notices, throttle } = setup();
    admitted(throttle, 3);
    clock.advance(30_000);
    expect(admitted(throttle, 1)).toBe(1);
    expect(notices).toHaveLength(1);
  });

  it('never holds back a rule because of another, nor a workload because of another', () => {
    const { throttle } = setup();
    admitted(throttle, 100);
    expect(admitted(throttle, 1, { ...key, rule: 'posture:network' })).toBe(1);
    expect(admitted(throttle, 1, { ...key, workload: 'web-1' })).toBe(1);
  });

  it('closes the window that was silent for longest when it has too many', () => {
    const { notices, throttle } = setup(2);
    admitted(throttle, 3, { ...key, rule: 'a' });
    admitted(throttle, 3, { ...key, rule: 'b' });
    admitted(throttle, 1, { ...key, rule: 'a' });
    admitted(throttle, 1, { ...key, rule: 'c' });
    expect(notices.map((notice) => notice.EventData)).toEqual([{ HeldBack: '1', Rule: 'b' }]);
  });

  it('reports what is held back when it ends', () => {
    const { notices, throttle } = setup();
    admitted(throttle, 3);
    throttle.closeAll();
    throttle.closeAll();
    expect(notices).toHaveLength(1);
  });
});
