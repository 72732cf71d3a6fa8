import { describe, expect, it } from 'vitest';
import { formatOtherParts } from './other-parts.js';

describe('formatOtherParts', () => {
  it('renders what it does not know', () => {
    const parts = formatOtherParts({
      drops: [
        { stream: 'logs', cause: 'ring', count: 3 },
        { stream: 'alerts', cause: 'slow-client', count: 1, workload: 'one/web' },
      ],
      throttle: { maxAlertPerSec: 10, isOn: true },
      monitor: 'running',
      unwatched: ['/a', '/b'],
      nothing: [],
      none: null,
    });
    expect(parts.filter((part) => part !== '').join('\n')).toMatchInlineSnapshot(`
      "DROPS: STREAM  CAUSE        COUNT  WORKLOAD
      logs           ring         3      -
      alerts         slow-client  1      one/web

      THROTTLE        VALUE
      maxAlertPerSec  10
      isOn            true

      MONITOR  running

      UNWATCHED
      /a
      /b
      "
    `);
  });
});
