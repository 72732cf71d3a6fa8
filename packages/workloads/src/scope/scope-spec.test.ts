import { describe, expect, it } from 'vitest';
import { resolveScopeSpec, type ScopeOptions, type ScopeSpec } from './scope-spec.js';

const surroundings = { cwd: '/home/me', env: { HOME: '/home/me', PATH: '/bin', GONE: undefined } };
const resolve = (options: Partial<ScopeOptions> = {}): ScopeSpec =>
  resolveScopeSpec({ name: 'web', command: ['true'], ...options }, surroundings);

describe('resolveScopeSpec', () => {
  it('completes what is not said', () => {
    expect(resolve()).toMatchObject({
      name: 'web',
      namespace: null,
      labels: {},
      image: '/',
      namespaces: { pid: 'private', net: 'host', ipc: 'private', uts: 'private' },
      hostname: null,
      workdir: '/home/me',
      env: ['HOME=/home/me', 'PATH=/bin'],
      user: null,
      confinement: null,
      tmpfsSize: null,
      command: ['true'],
    });
  });

  it('reads labels up to the first equals sign', () => {
    expect(resolve({ labels: ['app=web', 'note=a=b', 'empty='] }).labels).toEqual({
      app: 'web',
      note: 'a=b',
      empty: '',
    });
  });

  it('lets a variable replace an inherited one', () => {
    expect(resolve({ env: ['PATH=/x', 'NEW=1'] }).env).toEqual(['HOME=/home/me', 'PATH=/x', 'NEW=1']);
  });

  it('takes an image relative to the current directory, and starts in its root', () => {
    expect(resolve({ image: 'root' })).toMatchObject({ image: '/home/me/root', workdir: '/' });
    expect(resolve({ image: 'root', workdir: '/srv' })).toMatchObject({ workdir: '/srv' });
  });

  it('confines to the usual directories, or to those that are named', () => {
    expect(resolve({ confine: true }).confinement).toEqual({
      writable: ['/tmp', '/var/tmp', '/run', '/dev'],
      isExplicit: false,
    });
    expect(resolve({ confine: true, writable: ['/srv'] }).confinement).toEqual({
      writable: ['/srv', '/dev'],
      isExplicit: true,
    });
  });

  for (const [what, options] of [
    ['a name with a space', { name: 'a b' }],
    ['an empty name', { name: '' }],
    ['a name that is too long', { name: 'a'.repeat(64) }],
    ['a namespace with a slash', { namespace: 'a/b' }],
    ['a label without a value', { labels: ['app'] }],
    ['a label without a key', { labels: ['=web'] }],
    ['a variable without a value', { env: ['A'] }],
    ['a mode that is none', { net: 'none' }],
    ['a host name in the machine’s own namespace', { hostname: 'a', uts: 'host' }],
    ['a host name with a space', { hostname: 'a b' }],
    ['a relative working directory', { workdir: 'src' }],
    ['a user by name', { user: 'root' }],
    ['a user that means none to the kernel', { user: '4294967295' }],
    ['an unknown capability', { capAdd: ['fly'] }],
    ['somewhere writable without confinement', { writable: ['/srv'] }],
    ['somewhere writable that is relative', { confine: true, writable: ['srv'] }],
    ['a size with options in it', { tmpfsSize: '1m,exec' }],
    ['no command', { command: [] }],
    ['an argument with NUL', { command: ['a', 'b\0c'] }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => resolve(options)).toThrow(expect.objectContaining({ code: 'SCOPE_SPEC_INVALID' }));
    });
  }
});
