import { describe, expect, it } from 'vitest';
import { EventFilter, type EventFilterOptions, type FilteredEvent } from './event-filter.js';

const none: EventFilterOptions = {
  namespace: undefined,
  operation: undefined,
  logType: undefined,
  container: undefined,
  pod: undefined,
  resource: undefined,
  source: undefined,
  labels: [],
};
const event: FilteredEvent = {
  NamespaceName: 'wordpress-mysql',
  Operation: 'Process',
  Type: 'MatchedPolicy',
  ContainerName: 'Web',
  PodName: 'web-0',
  Resource: '/usr/bin/apt update',
  Source: '/bin/bash',
  Labels: 'app=web,tier=front',
};

const matches = (options: Partial<EventFilterOptions>, one: FilteredEvent = event): boolean =>
  new EventFilter({ ...none, ...options }).matches(one);

describe('EventFilter', () => {
  for (const [options, isMatched] of [
    [{}, true],
    [{ namespace: 'WORDPRESS' }, true],
    [{ namespace: '^mysql' }, false],
    [{ operation: 'file|process' }, true],
    [{ logType: 'hostlog' }, false],
    [{ container: '^web$' }, true],
    [{ pod: 'web-\\d' }, true],
    [{ resource: 'apt' }, true],
    [{ resource: 'APT' }, false],
    [{ source: '/bin/(ba)?sh$' }, true],
    [{ source: '/BIN' }, false],
    [{ source: '(?i)/BIN' }, true],
    [{ labels: ['app=db', 'tier=front'] }, true],
    [{ labels: ['app=we'] }, false],
    [{ namespace: 'wordpress', operation: 'Network' }, false],
  ] as const) {
    it(`${isMatched ? 'takes' : 'passes over'} what ${JSON.stringify(options)} is asked about`, () => {
      expect(matches(options)).toBe(isMatched);
    });
  }

  it('passes over an event that has nothing to match', () => {
    expect(matches({ pod: '.*' }, { ...event, PodName: '' })).toBe(false);
    expect(matches({ labels: ['app=web'] }, { ...event, Labels: '' })).toBe(false);
  });

  it('says which flag is no regular expression', () => {
    for (const text of ['(', 'a(?=b)', '\\1']) {
      expect(() => matches({ source: text })).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
    }
  });

  it('takes no longer for what would make a backtracking engine hang', () => {
    const startedAt = performance.now();
    expect(matches({ resource: '^(a+)+$' }, { ...event, Resource: `${'a'.repeat(50_000)}b` })).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
