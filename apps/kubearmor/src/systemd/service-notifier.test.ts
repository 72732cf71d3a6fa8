import { describe, expect, it, vi } from 'vitest';
import { ServiceNotifier, type NotifyEnvironment } from './service-notifier.js';

function notifierOf(environment: NotifyEnvironment): { notifier: ServiceNotifier; sent: string[] } {
  const sent: string[] = [];
  const notifier = new ServiceNotifier(environment, (socket, message) => {
    sent.push(`${socket} ${Buffer.from(message).toString()}`);
  });
  return { notifier, sent };
}

describe('ServiceNotifier', () => {
  it('tells systemd of start and end, and leaves nothing for the processes that are started', () => {
    const environment = { NOTIFY_SOCKET: '@s', WATCHDOG_USEC: '1', WATCHDOG_PID: '0', PATH: '/bin' };
    const { notifier, sent } = notifierOf(environment);
    notifier.ready('enforcing');
    notifier.stopping();
    expect(sent).toEqual(['@s READY=1\nSTATUS=enforcing', '@s STOPPING=1']);
    expect(environment).toEqual({ PATH: '/bin' });
  });

  it('says that the service lives twice in the time that systemd waits', () => {
    vi.useFakeTimers();
    const { notifier, sent } = notifierOf({ NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '4000000' });
    notifier.ready('');
    vi.advanceTimersByTime(4001);
    notifier.stopping();
    vi.advanceTimersByTime(4001);
    vi.useRealTimers();
    expect(sent.filter((each) => each.includes('WATCHDOG'))).toHaveLength(2);
  });

  it('says nothing where nobody asks, and goes on where nobody listens', () => {
    const { notifier, sent } = notifierOf({});
    notifier.ready('');
    expect(sent).toEqual([]);
    expect(() => {
      new ServiceNotifier({ NOTIFY_SOCKET: '/nonexistent/socket' }).ready('');
    }).not.toThrow();
  });
});
