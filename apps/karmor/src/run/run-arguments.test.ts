import { describe, expect, it } from 'vitest';
import { parseRunArguments } from './run-arguments.js';

describe('parseRunArguments', () => {
  it('takes all that follows -- as the command', () => {
    expect(parseRunArguments(['--', 'sh', '--', '--help'])).toMatchObject({
      kind: 'run',
      scope: { name: 'sh', command: ['sh', '--', '--help'] },
    });
  });

  it('names a scope after its command unless told otherwise', () => {
    expect(parseRunArguments(['--', '/usr/bin/env'])).toMatchObject({ scope: { name: 'env' } });
    expect(parseRunArguments(['--name', 'web', '--', 'env'])).toMatchObject({ scope: { name: 'web' } });
  });

  it('collects what may be repeated', () => {
    const args = [
      '--label',
      'a=1',
      '--label=b=2',
      '-e',
      'X=1',
      '--cap-add',
      'kill',
      '--cap-drop=ALL',
      '--confine',
    ];
    expect(parseRunArguments([...args, '--writable', '/srv', '--', 'x'])).toMatchObject({
      scope: {
        labels: ['a=1', 'b=2'],
        env: ['X=1'],
        capAdd: ['kill'],
        capDrop: ['ALL'],
        confine: true,
        writable: ['/srv'],
      },
    });
  });

  it('takes the short forms and the socket', () => {
    const args = ['-w', '/srv', '-u', '1:2', '--tmpfs-size', '1m', '--socket', '/s', '--', 'x'];
    expect(parseRunArguments(args)).toMatchObject({
      scope: { workdir: '/srv', user: '1:2', tmpfsSize: '1m' },
      socket: '/s',
    });
  });

  it('knows a question for help', () => {
    expect(parseRunArguments(['-h'])).toEqual({ kind: 'help' });
    expect(parseRunArguments(['--name', 'x', '--help', '--', 'y'])).toEqual({ kind: 'help' });
  });

  for (const [what, args] of [
    ['no command', []],
    ['no command after --', ['--name', 'x', '--']],
    ['a command without --', ['--name', 'x', 'true']],
    ['an unknown option', ['--privileged', '--', 'true']],
    ['an option without its value', ['--name', '--', 'true']],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseRunArguments(args)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
    });
  }
});
