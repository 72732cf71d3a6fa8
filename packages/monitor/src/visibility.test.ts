import { describe, expect, it } from 'vitest';
import { MonitorError } from './errors.js';
import { EVERYTHING, groupsOf, NOTHING, parseVisibility } from './visibility.js';

describe('parseVisibility', () => {
  for (const [text, kinds] of [
    ['process,file,network,capabilities,dns,ima', [...EVERYTHING]],
    [' File , process', ['file', 'process']],
    ['none', []],
    ['', []],
    ['dns,ima,network', ['dns', 'ima', 'network']],
  ] as const) {
    it(`parses "${text}"`, () => {
      expect([...parseVisibility(text)]).toEqual(kinds);
    });
  }

  it('refuses other names', () => {
    expect(() => parseVisibility('file,proces')).toThrow(MonitorError);
    expect(() => parseVisibility('file,proces')).toThrow('got "proces"');
  });
});

describe('groupsOf', () => {
  it('has a bit for each', () => {
    expect([groupsOf(NOTHING), groupsOf(EVERYTHING), groupsOf(new Set(['network']))]).toEqual([0, 63, 4]);
  });
});
