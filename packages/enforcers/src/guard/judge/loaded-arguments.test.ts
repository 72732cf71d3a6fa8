import { describe, expect, it } from 'vitest';
import { loadedArguments } from './loaded-arguments.js';

describe('loadedArguments', () => {
  for (const [commandLine, expected] of [
    [
      ['ld.so', '/bin/x', 'a'],
      ['/bin/x', 'a'],
    ],
    [
      ['ld.so', '--library-path', '/lib', '--inhibit-cache', '/bin/x', '--all'],
      ['/bin/x', '--all'],
    ],
    [['ld.so', '--list', '/bin/x'], ['/bin/x']],
    [
      ['ld.so', '--', '--x', 'a', 'b'],
      ['--x', 'a', 'b'],
    ],
    [['ld.so', '--preload'], []],
    [['ld.so'], []],
    [[], []],
  ] as const) {
    it(`finds [${expected.join(' ')}] in "${commandLine.join(' ')}"`, () => {
      expect(loadedArguments(commandLine)).toEqual(expected);
    });
  }
});
