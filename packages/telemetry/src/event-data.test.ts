import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventData } from './event-data.js';

describe('eventData', () => {
  it('takes the words of Resource for Network only', () => {
    const source = { Resource: 'sin_port=53 sin_addr=10.0.0.10', Data: 'syscall=SYS_CONNECT fd=10' };
    const fromData = { Syscall: 'SYS_CONNECT', Fd: '10', Rule: 'r' };
    expect(eventData({ ...source, Operation: 'File' }, 'r')).toEqual(fromData);
    expect(eventData({ ...source, Operation: 'Network' }, 'r')).toEqual({
      ...fromData,
      Sin_port: '53',
      Sin_addr: '10.0.0.10',
    });
  });

  it('splits at the first equals sign and keeps empty values', () => {
    expect(eventData({ Operation: 'File', Data: 'a=b=c  d= \t=e f' }, 'r')).toEqual({
      A: 'b=c',
      D: '',
      Rule: 'r',
    });
  });

  it('always names the rule that decided, whatever the workload put into its path', () => {
    expect(
      eventData({ Operation: 'Network', Resource: 'sun_path=/x rule=forged Rule=forged' }, 'r')['Rule'],
    ).toBe('r');
    fc.assert(
      fc.property(fc.string(), fc.string(), (Resource, Data) => {
        const data = eventData({ Operation: 'Network', Resource, Data: `${Data} __proto__=x` }, 'r');
        expect(data['Rule']).toBe('r');
        expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
      }),
    );
  });
});
