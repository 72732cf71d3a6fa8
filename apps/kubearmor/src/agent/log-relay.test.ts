import { createLogger } from '@kubearmor/service';
import { describe, expect, it } from 'vitest';
import { LogRelay } from './log-relay.js';

describe('LogRelay', () => {
  it('passes lines on while somebody wants them', () => {
    const relay = new LogRelay();
    const told: unknown[] = [];
    const written: string[] = [];
    const destination = { write: (line: string) => written.push(line) };
    const logger = createLogger({ observer: relay, destination, format: 'text', level: 'debug' });
    logger.info('before');
    relay.tellTo({ tell: (level, text) => told.push([level, text]) });
    logger.debug({ scope: 3 }, 'scope started');
    logger.warn('second');
    logger.fatal({ path: '/a b' }, 'third');
    relay.tellTo(undefined);
    logger.info('after');
    expect(told).toEqual([
      ['DEBUG', 'scope started scope=3'],
      ['WARN', 'second'],
      ['ERROR', 'third path="/a b"'],
    ]);
    expect(written).toHaveLength(5);
  });
});
