import { describe, expect, it } from 'vitest';
import type { RootEntry } from '../corpus/root-entry.js';
import { TestkitError } from '../errors.js';
import { VirtualRoot } from './virtual-root.js';

const program = { kind: 'program', uid: 0, mode: 0o755 } as const;
const file = { kind: 'file', content: '', uid: 1000, mode: 0o644 } as const;

const rootOf = (entries: Readonly<Record<string, RootEntry>>): VirtualRoot =>
  new VirtualRoot(new Map(Object.entries(entries)));

describe('VirtualRoot', () => {
  it('follows links of every kind', () => {
    const root = rootOf({
      '/usr/bin/tool': program,
      '/usr/bin/alias': { kind: 'link', target: 'tool' },
      '/opt/up': { kind: 'link', target: '../usr/./bin/alias' },
      '/opt/dir': { kind: 'link', target: '/usr/bin' },
    });
    expect(root.resolve('/bin/alias')).toBe('/usr/bin/tool');
    expect(root.resolve('/opt/up')).toBe('/usr/bin/tool');
    expect(root.resolve('/opt/dir/../bin//tool')).toBe('/usr/bin/tool');
    expect(root.resolve('/../usr/bin/tool')).toBe('/usr/bin/tool');
  });

  it('keeps a link at the end when asked for its parent', () => {
    const root = rootOf({ '/usr/bin/tool': program, '/usr/bin/alias': { kind: 'link', target: 'tool' } });
    expect(root.resolveParent('/bin/alias')).toBe('/usr/bin/alias');
    expect(root.fileId('/usr/bin/alias')).not.toBe(root.fileId('/usr/bin/tool'));
  });

  it('appends what is missing to what exists', () => {
    const root = rootOf({ '/srv/v2/a': file, '/srv/current': { kind: 'link', target: 'v2' } });
    expect(root.resolve('/srv/current/b/c')).toBe('/srv/v2/b/c');
    expect(root.resolve('/')).toBe('/');
    expect(root.resolve('relative')).toBeUndefined();
    expect(root.fileId('/srv/v2/b')).toBeUndefined();
  });

  it('gives hard links one identity', () => {
    const root = rootOf({ '/etc/a': file, '/tmp/b': { kind: 'hardlink', target: '/etc/a' }, '/tmp/c': file });
    expect(root.fileId('/tmp/b')).toBe(root.fileId('/etc/a'));
    expect(root.fileId('/tmp/c')).not.toBe(root.fileId('/etc/a'));
  });

  it('knows a file behind a bind mount by both names', () => {
    const root = rootOf({ '/etc/app/a': file, '/mnt/app': { kind: 'bind', source: '/etc/app' } });
    expect(root.locate('/mnt/app/a', true)).toMatchObject({ path: '/mnt/app/a', rootPath: '/etc/app/a' });
    expect(root.locate('/mnt/app/new', true)).toMatchObject({ rootPath: '/etc/app/new', canBeCreated: true });
    expect(root.locate('/mnt/app', true)).toMatchObject({ path: '/mnt/app', rootPath: '/etc/app' });
    expect(root.fileId('/mnt/app/a')).toBe(root.fileId('/etc/app/a'));
  });

  it('lists executables once, by the directories that are no links', () => {
    const root = rootOf({
      '/usr/bin/tool': program,
      '/usr/bin/notes': file,
      '/usr/local/bin/alias': { kind: 'link', target: '/bin/tool' },
    });
    expect(root.executables()).toEqual([
      { name: '/usr/bin/tool', target: '/usr/bin/tool' },
      { name: '/usr/local/bin/alias', target: '/usr/bin/tool' },
    ]);
  });

  it('knows the loaders of its programs', () => {
    const root = rootOf({ '/lib/ld.so.1': program, '/lib/ld.so': { kind: 'link', target: 'ld.so.1' } });
    root.add(new Map([['/usr/bin/dyn', { ...program, loader: '/lib/ld.so' }]]));
    expect([...root.loaders()]).toEqual(['/lib/ld.so.1']);
  });

  it('replaces what is added again, and keeps what is in a directory', () => {
    const root = rootOf({ '/srv/a': file, '/srv/l': { kind: 'link', target: 'a' }, '/srv/b': file });
    root.add(
      new Map<string, RootEntry>([
        ['/srv/l', { kind: 'link', target: 'b' }],
        ['/srv', { kind: 'dir', uid: 1000, mode: 0o700 }],
      ]),
    );
    expect(root.resolve('/srv/l')).toBe('/srv/b');
    expect(root.locate('/srv', true).node?.uid).toBe(1000);
  });

  it.each<readonly [string, Readonly<Record<string, RootEntry>>, RegExp]>([
    [
      'a hard link to nothing',
      { '/a': { kind: 'hardlink', target: '/b' } },
      /expected a file in the root, got \/b/,
    ],
    [
      'a bind of a file',
      { '/a': file, '/b': { kind: 'bind', source: '/a' } },
      /expected a directory to bind, got \/a/,
    ],
    ['a file as a directory', { '/a': file, '/a/b': file }, /expected a directory, got the file \/a/],
  ])('refuses %s', (_what, entries, message) => {
    expect(() => rootOf(entries)).toThrow(TestkitError);
    expect(() => rootOf(entries)).toThrow(message);
  });

  it('refuses a circle of links', () => {
    const root = rootOf({ '/a': { kind: 'link', target: 'b' }, '/b': { kind: 'link', target: 'a' } });
    expect(() => root.resolve('/a')).toThrow(/expected no circle of links, got one at \/a/);
  });
});
