import { describe, expect, it } from 'vitest';
import { parseLogsOptions } from './logs-options.js';

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe('parseLogsOptions', () => {
  it('has KubeArmor’s defaults', () => {
    expect(parseLogsOptions({})).toMatchObject({
      msgPath: 'none',
      logPath: 'stdout',
      logFilter: 'policy',
      format: 'text',
      limit: undefined,
    });
  });

  it('takes JSON by either flag, and keeps the one with indentation', () => {
    expect(parseLogsOptions({ json: true }).format).toBe('json');
    expect(parseLogsOptions({ output: 'json' }).format).toBe('json');
    expect(parseLogsOptions({ json: true, output: 'pretty-json' }).format).toBe('pretty-json');
  });

  it('takes a limit of 0 as none', () => {
    expect(parseLogsOptions({ limit: '0' }).limit).toBeUndefined();
    expect(parseLogsOptions({ limit: '7' }).limit).toBe(7);
  });

  for (const [flags, message] of [
    [{ logFilter: 'everything' }, /^--logFilter: expected policy, system or all, got everything$/],
    [{ output: 'yaml' }, /^--output: expected text, json or pretty-json, got yaml$/],
    [{ limit: '-1' }, /^--limit: expected 0 or more, got -1/],
    [{ limit: 'x' }, /^--limit: expected a number, got /],
    [{ labels: ['app'] }, /^--labels.0: expected key=value, got app$/],
    [{ logPath: 'none' }, /^--msgPath and --logPath: expected one/],
    [{ readCAFromSecret: 'x' }, /^--readCAFromSecret: expected true or false, got x$/],
    [{ tlsCertProvider: 'x' }, /^--tlsCertProvider: expected self or external, got x$/],
  ] as const) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      expect(() => parseLogsOptions(flags)).toThrow(
        expect.objectContaining({ code: 'USAGE_INVALID', message: matching(message) }),
      );
    });
  }
});
