import { describe, expect, it } from 'vitest';
import { componentLogger, createLogger, type LoggerOptions } from './logger.js';

function collect(options: LoggerOptions): { lines: string[]; options: LoggerOptions } {
  const lines: string[] = [];
  return { lines, options: { ...options, destination: { write: (line) => lines.push(line) } } };
}

describe('createLogger', () => {
  it('writes JSON lines with a component', () => {
    const { lines, options } = collect({});
    componentLogger(createLogger(options), 'guard').info({ policy: 'default/x' }, 'policy applied');
    const [line = ''] = lines;
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      component: 'guard',
      policy: 'default/x',
      msg: 'policy applied',
    });
    expect(line.endsWith('\n')).toBe(true);
  });

  it('writes text lines', () => {
    const { lines, options } = collect({ format: 'text' });
    componentLogger(createLogger(options), 'agent').warn({ count: 3, path: '/a b' }, 'events dropped');
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}agent: events dropped count=3 path="\/a b"\n$/,
    );
  });

  it('keeps a value from looking like a line or a field', () => {
    const { lines, options } = collect({ format: 'text' });
    createLogger(options).info({ name: 'x\nforged level=error' }, 'a\nb');
    expect(lines[0]).toMatch(/ INFO {2}a\\nb name="x\\nforged level=error"\n$/);
  });

  it('leaves out what is below the level', () => {
    const { lines, options } = collect({ level: 'warn' });
    createLogger(options).info('not this');
    expect(lines).toEqual([]);
  });
});
