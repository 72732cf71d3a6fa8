import { describe, expect, it } from 'vitest';
import { withSubjects } from '../bind-group.js';
import { parseCorpus } from '../corpus/load-corpus.js';
import { VirtualRoot } from '../root/virtual-root.js';
import { toOperation } from './to-operation.js';

const root = `
    /usr/bin/shell: { program: true }
    /usr/bin/sh: { link: shell }
    /usr/bin/dyn: { program: true, loader: /lib64/ld.so }
    /lib64/ld.so: { program: true }
    /opt/run: { script: /bin/sh, uid: 1000 }
    /opt/loop: { script: /opt/loop }
    /etc/app/conf: { content: text, uid: 1000 }
    /mnt/app: { bind: /etc/app }
    /home/user: { dir: true, uid: 1000 }
    /tmp/alias: { link: /etc/app/conf }`;

/** The operation of one case, written as in the corpus. */
function operationOf(operation: string, subject = '{}'): unknown {
  const text = `
- group: one
  about: a conversion
  policies: ""
  root:${root}
  cases:
    - { name: a, operation: ${operation}, subject: ${subject}, expect: { verdict: pass, alert: none } }`;
  const [group] = parseCorpus(text, 'file.yaml');
  const [one] = group?.cases ?? [];
  return group === undefined || one === undefined
    ? undefined
    : toOperation(one, new VirtualRoot(withSubjects(group)));
}

describe('toOperation', () => {
  it('says who asks', () => {
    const subject = '{ exe: /usr/bin/sh2, parentExe: /usr/bin/x, uid: 7, tty: true }';
    expect(operationOf('{ do: dns, domain: a.b }', subject)).toEqual({
      kind: 'dns',
      subject: { exe: '/usr/bin/sh2', parentExe: '/usr/bin/x', fsUid: 7, hasTty: true },
      domain: 'a.b',
    });
  });

  it('follows an exec through interpreter and loader', () => {
    expect(operationOf('{ do: exec, path: run, cwd: /opt, argv: [run] }')).toMatchObject({
      requestedPath: '/opt/run',
      links: [
        { role: 'program', path: '/opt/run', ownerUid: 1000 },
        { role: 'interpreter', path: '/usr/bin/shell', requestedPath: '/usr/bin/sh' },
      ],
    });
    expect(operationOf('{ do: exec, path: /usr/bin/dyn, argv: [dyn] }')).toMatchObject({
      links: [{ role: 'program' }, { role: 'loader', path: '/lib64/ld.so' }],
    });
  });

  it('leaves the last link of a requested path', () => {
    expect(operationOf('{ do: exec, path: /bin/sh, argv: [sh] }')).toMatchObject({
      requestedPath: '/usr/bin/sh',
      links: [{ path: '/usr/bin/shell' }],
    });
  });

  it('gives what has no name none', () => {
    expect(operationOf('{ do: exec, path: "memfd:x", argv: [x] }')).toMatchObject({
      requestedPath: 'memfd:x',
      links: [{ path: 'memfd:x', anonymous: true }],
    });
    expect(operationOf('{ do: open, path: /tmp, flags: [rdwr, tmpfile] }')).toMatchObject({
      access: ['read', 'write'],
      objects: [{ anonymous: true }],
    });
  });

  it.each([
    ['[rdonly]', ['read']],
    ['[wronly, append]', ['write']],
    ['[rdwr]', ['read', 'write']],
    ['[rdonly, trunc]', ['read', 'write']],
    ['[rdonly, creat]', ['read']],
  ])('judges an open with %s as %j', (flags, access) => {
    expect(operationOf(`{ do: open, path: /etc/app/conf, flags: ${flags} }`)).toMatchObject({ access });
  });

  it('judges creating a file as a write by the owner of its directory', () => {
    expect(operationOf('{ do: open, path: /home/user/new, flags: [rdonly, creat] }')).toMatchObject({
      access: ['read', 'write'],
      objects: [{ path: '/home/user/new', ownerUid: 1000 }],
    });
  });

  it('names a file behind a bind mount by the root first', () => {
    expect(operationOf('{ do: open, path: /mnt/app/conf, flags: [rdonly] }')).toMatchObject({
      objects: [{ path: '/etc/app/conf', otherNames: ['/mnt/app/conf'] }],
    });
  });

  it('says when the subject is a loader, and with which arguments', () => {
    const open = (more: string): unknown =>
      operationOf(`{ do: open, path: /usr/bin/shell, flags: [rdonly]${more} }`, '{ exe: /lib64/ld.so }');
    expect(open('')).toMatchObject({ byLoader: true, argv: ['/usr/bin/shell'] });
    expect(open(', argv: [ld.so, /usr/bin/shell, x]')).toMatchObject({ argv: ['/usr/bin/shell', 'x'] });
  });

  it('gives a rename and a link both names', () => {
    expect(operationOf('{ do: rename, from: /etc/app, to: /etc/b }')).toMatchObject({
      objects: [{ path: '/etc/app' }, { path: '/etc/b' }],
      subtree: true,
    });
    expect(operationOf('{ do: link, from: /tmp/alias, to: /tmp/b }')).toMatchObject({
      objects: [{ path: '/tmp/alias' }, { path: '/tmp/b', ownerUid: 0 }],
    });
  });

  it('follows a link at the end only for calls that do', () => {
    expect(operationOf('{ do: unlink, path: /tmp/alias }')).toMatchObject({
      objects: [{ path: '/tmp/alias' }],
    });
    expect(operationOf('{ do: truncate, path: /tmp/alias }')).toMatchObject({
      objects: [{ path: '/etc/app/conf' }],
    });
    expect(operationOf('{ do: rmdir, path: /home/user }')).toMatchObject({ subtree: true });
  });

  it('passes the other kinds on as they are', () => {
    const socket = '{ do: connect, family: inet, type: stream, protocol: tcp }';
    expect(operationOf(socket)).toMatchObject({
      kind: 'network',
      family: 'inet',
      type: 'stream',
      protocol: 6,
    });
    expect(operationOf('{ do: capability, name: net_raw, quiet: true }')).toMatchObject({
      kind: 'capabilities',
      capability: 'net_raw',
      quiet: true,
    });
    expect(operationOf('{ do: syscall, syscall: unlink, path: /a }')).toMatchObject({
      syscall: 'unlink',
      path: '/a',
    });
    expect(operationOf('{ do: syscall, syscall: setuid }')).not.toHaveProperty('path');
    expect(operationOf('{ do: preset, name: exec }')).toMatchObject({ kind: 'preset', preset: 'exec' });
    expect(operationOf('{ do: device, class: 8, subClass: 6, protocol: 80, level: 1 }')).toEqual({
      kind: 'device',
      class: 8,
      subClass: 6,
      protocol: 80,
      level: 1,
    });
  });

  it.each([
    ['a program that is not there', '{ do: exec, path: /usr/bin/none, argv: [none] }', /got nothing at/],
    ['a file as a program', '{ do: exec, path: /etc/app/conf, argv: [conf] }', /got file at/],
    ['interpreters without end', '{ do: exec, path: /opt/loop, argv: [loop] }', /at most 5 interpreters/],
    ['an open of nothing', '{ do: open, path: /etc/none, flags: [rdonly] }', /got \/etc\/none/],
    ['a creation in no directory', '{ do: open, path: /no/dir/x, flags: [rdwr, creat] }', /got \/no\/dir\/x/],
    ['a rename of nothing', '{ do: rename, from: /none, to: /x }', /got \/none/],
    ['a rename to no directory', '{ do: rename, from: /etc/app, to: /no/dir/x }', /got \/no\/dir\/x/],
    ['removing nothing', '{ do: unlink, path: /none }', /expected an existing name for unlink/],
    ['making what is there', '{ do: mkdir, path: /home/user }', /expected a new name for mkdir/],
  ])('refuses %s', (_what, operation, message) => {
    expect(() => operationOf(operation)).toThrow(message);
  });
});
