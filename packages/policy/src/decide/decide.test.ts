import { describe, expect, it } from 'vitest';
import { exec, file, program, read, write } from '../testing/operations.js';
import { actor, audit, block, bound, policyText } from '../testing/policies.js';
import { decide } from './decide.js';
import { decideLink } from './decide-exec.js';
import type { Decision } from './decision.js';
import type { NetworkOperation, Operation } from './operation.js';

/** Verdict and what the alert names. */
function shown({ verdict, alert }: Decision): string {
  return alert === undefined
    ? verdict
    : `${verdict} ${alert.action} ${alert.policyName} ${alert.rule.replace(/^.*#/, '')}`;
}

const tests =
  (text: string, ...rest: [root?: object, postures?: typeof audit]) =>
  (operation: Operation): string =>
    shown(decide(bound(text, ...rest), operation));

describe('decide, on the rank of rules', () => {
  const file1 = (name: string, lists: object, action: string): string =>
    policyText(name, { file: lists, action });
  const path = { matchPaths: [{ path: '/etc/ssl/key' }] };
  const pattern = { matchPatterns: [{ pattern: '/etc/ssl/*' }] };
  const longer = { matchPatterns: [{ pattern: '/etc/ssl/k*' }] };
  const dir = { matchDirectories: [{ dir: '/etc/', recursive: true }] };
  const deeper = { matchDirectories: [{ dir: '/etc/ssl/' }] };
  const sourced = {
    matchDirectories: [{ dir: '/etc/', recursive: true, fromSource: [{ path: actor.exe }] }],
  };

  it.each([
    ['path before pattern', path, pattern],
    ['longer literal before shorter', longer, pattern],
    ['pattern before dir', pattern, deeper],
    ['deeper dir before shallower', deeper, dir],
    ['source before path', sourced, path],
  ])('%s', (_, higher, lower) => {
    const allowed = tests(file1('a', higher, 'Allow') + file1('b', lower, 'Block'));
    expect(allowed(read('/etc/ssl/key'))).toBe('pass');
    const denied = tests(file1('a', lower, 'Allow') + file1('b', higher, 'Block'));
    expect(denied(read('/etc/ssl/key'))).toMatch(/^deny Block b/);
  });

  it('lets Block win among equals, then the earlier policy', () => {
    const equal = tests(file1('a', path, 'Allow') + file1('c', path, 'Block') + file1('b', path, 'Block'));
    expect(equal(read('/etc/ssl/key'))).toBe('deny Block b file.matchPaths[0]');
  });

  it('reports the highest and first Audit', () => {
    const audited = tests(file1('c', path, 'Audit') + file1('b', path, 'Audit') + file1('a', dir, 'Audit'));
    expect(audited(read('/etc/ssl/key'))).toBe('pass Audit b file.matchPaths[0]');
    expect(audited(read('/etc/x'))).toBe('pass Audit a file.matchDirectories[0]');
  });
});

describe('decide, on modifiers', () => {
  const owner = { ...actor, fsUid: 7 };
  const terminal = { ...actor, hasTty: true };
  const on = (modifiers: object, action: string): ((operation: Operation) => string) =>
    tests(policyText('p', { file: { matchPaths: [{ path: '/f', ...modifiers }] }, action }), {}, block);

  it.each([
    ['Block', 'pass', 'deny Block p file.matchPaths[0]'],
    ['Allow', 'pass', 'deny Block DefaultPosture file.matchPaths[0]'],
    ['Audit', 'pass', 'pass Audit p file.matchPaths[0]'],
  ])('%s', (action, satisfied, failed) => {
    const owned = on({ ownerOnly: true }, action);
    expect(owned(read('/f', owner, { ownerUid: 7 }))).toBe(satisfied);
    expect(owned(read('/f', owner))).toBe(failed);
    const readable = on({ readOnly: true }, action);
    expect(readable(read('/f'))).toBe(satisfied);
    expect(readable(write('/f'))).toBe(failed);
    const untyped = on({ pts: false }, action);
    expect(untyped(read('/f'))).toBe(satisfied);
    expect(untyped(read('/f', terminal))).toBe(failed);
    const withArgs = tests(
      policyText('p', { process: { matchPaths: [{ path: '/f', allowedArgs: ['-a', '-b'] }] }, action }),
      {},
      block,
    );
    expect(withArgs(exec('/f', ['f', '-a', '-b']))).toBe(satisfied);
    const failedExec = failed.replace('file', 'process');
    expect(withArgs(exec('/f', ['f']))).toBe(failedExec);
    expect(withArgs(exec('/f', ['f', '-a', '-c']))).toBe(failedExec);
  });
});

describe('decide, in allow-list mode', () => {
  const text = policyText('p', { file: { matchPaths: [{ path: '/f' }] }, action: 'Allow' });
  const audited = text + policyText('q', { file: { matchPaths: [{ path: '/g' }] }, action: 'Audit' });

  it('leaves what no rule matches to the posture of the kind', () => {
    expect(tests(text, {}, block)(read('/g'))).toBe('deny Block DefaultPosture posture:file');
    expect(tests(text)(read('/g'))).toBe('pass Audit DefaultPosture posture:file');
    expect(tests(text, {}, { ...audit, file: 'allow' })(read('/g'))).toBe('pass');
    expect(tests(text, {}, block)(exec('/f'))).toBe('pass');
    expect(tests(audited)(read('/g'))).toBe('pass Audit q file.matchPaths[0]');
    expect(tests(audited, {}, block)(read('/g'))).toBe('deny Block DefaultPosture posture:file');
  });
});

describe('decide, on names of one file', () => {
  const text =
    policyText('a', { file: { matchPaths: [{ path: '/etc/ok' }] }, action: 'Allow' }) +
    policyText('b', { file: { matchPaths: [{ path: '/etc/no' }, { path: '/etc/ro', readOnly: true }] } }) +
    policyText('c', { file: { matchPaths: [{ path: '/etc/own', ownerOnly: true }] }, action: 'Allow' });
  const root = { files: { '/etc/no': '1:1', '/etc/ok': '1:2' } };
  const on = tests(text, root, block);

  it('denies what a Block denies under any, passes what is allowed under any', () => {
    expect(on(read('/x', actor, { otherNames: ['/etc/no', '/etc/ok'] }))).toBe(
      'deny Block b file.matchPaths[0]',
    );
    expect(on(read('/etc/ok', actor, { otherNames: ['/x'] }))).toBe('pass');
    expect(on(read('/x', actor, { otherNames: ['/etc/ok', '/etc/own'], ownerUid: 5 }))).toBe('pass');
    expect(on(read('/x', actor, { otherNames: ['/etc/own'], ownerUid: 5 }))).toBe(
      'deny Block DefaultPosture file.matchPaths[0]',
    );
    expect(on(read('/x', actor, { otherNames: ['/etc/ro'] }))).toBe('pass');
  });

  it('knows hard links', () => {
    expect(on(read('/x', actor, { fileId: '1:1' }))).toBe('deny Block b file.matchPaths[0]');
    expect(on(read('/x', actor, { fileId: '1:2' }))).toBe('pass');
    expect(on(read('/x', actor, { fileId: '1:3' }))).toBe('deny Block DefaultPosture posture:file');
    expect(on(read('/etc/ok', actor, { fileId: '1:2', otherNames: ['/etc/ok'] }))).toBe('pass');
  });

  it('does not judge a name again by its file', () => {
    const source = { fromSource: [{ path: actor.exe }] };
    const idiom = tests(
      policyText('a', { file: { matchDirectories: [{ dir: '/etc/', ...source }] }, action: 'Allow' }) +
        policyText('b', { file: { matchPaths: [{ path: '/etc/no' }] } }),
      root,
    );
    expect(idiom(read('/etc/no', actor, { fileId: '1:1' }))).toBe('pass');
    expect(idiom(read('/x', actor, { fileId: '1:1', otherNames: ['/etc/no'] }))).toBe(
      'pass Audit DefaultPosture posture:file'.replace(' Audit DefaultPosture posture:file', ''),
    );
    expect(idiom(read('/x', actor, { fileId: '1:1' }))).toBe('deny Block b file.matchPaths[0]');
  });

  it('reports the better of several denials, whatever the order of names', () => {
    const both = tests(
      policyText('a', { file: { matchDirectories: [{ dir: '/d/' }] } }) +
        policyText('b', { file: { matchPaths: [{ path: '/f' }] } }) +
        policyText('c', { file: { matchPaths: [{ path: '/g' }] } }),
    );
    expect(both(read('/d/x', actor, { otherNames: ['/g', '/f'] }))).toBe('deny Block b file.matchPaths[0]');
    expect(both(read('/f', actor, { otherNames: ['/g', '/d/x'] }))).toBe('deny Block b file.matchPaths[0]');
  });

  it('has nothing to say of files without a name', () => {
    expect(on(read('pipe:[1]', actor, { anonymous: true }))).toBe('pass');
  });

  it('judges every object of a call', () => {
    const rename: Operation = { ...write('/x'), objects: [file('/etc/ok'), file('/etc/no'), file('/x')] };
    expect(on(rename)).toBe('deny Block b file.matchPaths[0]');
  });
});

describe('decide, on a directory that is moved', () => {
  const lists = {
    matchPaths: [{ path: '/a/b/secret' }],
    matchDirectories: [{ dir: '/c/d/', readOnly: true }],
    matchPatterns: [{ pattern: '/e/f/*.key' }, { pattern: '/g/h/k*' }],
  };
  const on = tests(policyText('p', { file: lists }));
  const move = (path: string, more: object = {}): Operation => ({
    ...write(path, actor, more),
    subtree: true,
  });

  it('counts as a write to what rules name below it', () => {
    expect(on(move('/a'))).toBe('deny Block p file.matchPaths[0]');
    expect(on(move('/c'))).toBe('deny Block p file.matchDirectories[0]');
    expect(on(move('/e'))).toBe('deny Block p file.matchPatterns[0]');
    expect(on(move('/e/f'))).toBe('deny Block p file.matchPatterns[0]');
    expect(on(move('/g'))).toBe('deny Block p file.matchPatterns[1]');
    expect(on(move('/x', { otherNames: ['/a'] }))).toBe('deny Block p file.matchPaths[0]');
    expect(on(move('/ab'))).toBe('pass');
    expect(on(write('/a'))).toBe('pass');
  });

  it('is not what a posture is about below it', () => {
    const allowed = tests(
      policyText('p', {
        file: { matchPaths: [{ path: '/a' }, { path: '/a/b', fromSource: [{ path: '/x' }] }] },
        action: 'Allow',
      }),
      {},
      block,
    );
    expect(allowed(move('/a'))).toBe('pass');
  });

  it('alerts once', () => {
    const audited = tests(
      policyText('p', { file: { matchPaths: [{ path: '/a/b' }, { path: '/a/c' }] }, action: 'Audit' }),
    );
    expect(audited(move('/a'))).toBe('pass Audit p file.matchPaths[0]');
  });
});

describe('decide, on an exec', () => {
  const script = exec('/opt/run', ['run'], {
    links: [
      program('/opt/run'),
      program('/usr/bin/python3.11', { role: 'interpreter', requestedPath: '/usr/bin/python3' }),
      program('/lib/ld.so', { role: 'loader' }),
    ],
  });

  it('judges reading before executing, and every link', () => {
    const text = (section: string, path: string, action = 'Block'): string =>
      policyText(`${section}${action}`, { [section]: { matchPaths: [{ path }] }, action });
    expect(tests(text('file', '/opt/run') + text('process', '/opt/run'))(script)).toMatch('fileBlock');
    expect(tests(text('process', '/usr/bin/python3.11'))(script)).toMatch('deny Block processBlock');
    expect(tests(text('file', '/lib/ld.so'))(script)).toMatch('deny Block fileBlock');
    expect(tests(text('process', '/lib/ld.so'))(script)).toMatch('deny Block processBlock');
    expect(tests(text('process', '/lib/ld.so', 'Audit'))(script)).toBe('pass');
    expect(tests(text('process', '/opt/run', 'Audit') + text('file', '/lib/ld.so'))(script)).toMatch(
      'fileBlock',
    );
    expect(tests(text('file', '/lib/ld.so', 'Audit') + text('process', '/opt/run', 'Audit'))(script)).toMatch(
      'processAudit',
    );
  });

  it('knows an executable by the name it is requested under', () => {
    const named = (execname: string): string => policyText('p', { process: { matchPaths: [{ execname }] } });
    expect(tests(named('python3'))(script)).toMatch('deny');
    expect(tests(named('python3.11'))(script)).toMatch('deny');
    expect(tests(named('python'))(script)).toBe('pass');
    const linked = exec('/usr/bin/alias', ['alias'], { links: [program('/usr/bin/tool')] });
    expect(tests(named('alias'))(linked)).toMatch('deny');
  });

  it('knows sources by themselves and by what forked them', () => {
    const text = policyText('p', {
      process: { matchPaths: [{ path: '/x', fromSource: [{ path: '/usr/bin/init' }, { dir: '/opt/' }] }] },
    });
    expect(tests(text)(exec('/x'))).toMatch('deny');
    expect(tests(text)(exec('/x', ['x'], { subject: { ...actor, exe: '/opt/a', parentExe: '/b' } }))).toMatch(
      'deny',
    );
    expect(tests(text)(exec('/x', ['x'], { subject: { exe: '/a', fsUid: 0, hasTty: false } }))).toBe('pass');
  });

  it('judges files without a name as processes only', () => {
    const text = policyText('p', {
      process: { matchPatterns: [{ pattern: 'memfd:*' }] },
      file: { matchPatterns: [{ pattern: '**' }] },
    });
    const nameless = exec('memfd:x', ['x'], { links: [program('memfd:x', { anonymous: true })] });
    expect(tests(text)(nameless)).toBe('deny Block p process.matchPatterns[0]');
  });

  it('judges one link alone', () => {
    const set = bound(policyText('p', { process: { matchPaths: [{ path: '/usr/bin/python3.11' }] } }));
    expect([0, 1, 2].map((index) => decideLink(set, script, index).verdict)).toEqual([
      'pass',
      'deny',
      'pass',
    ]);
    expect(() => decideLink(set, script, 3)).toThrow('expected one of 3 links, got 3');
  });

  it('takes an open by a loader for an exec, by explicit rules', () => {
    const text = policyText('p', {
      process: { matchPaths: [{ path: '/x', allowedArgs: ['-a'] }] },
      action: 'Allow',
    });
    const byLoader: Operation = { ...read('/x'), byLoader: true };
    const on = tests(text, {}, block);
    expect(on(byLoader)).toBe('deny Block DefaultPosture process.matchPaths[0]');
    expect(on({ ...byLoader, argv: ['x', '-a'] })).toBe('pass');
    expect(on({ ...read('/y'), byLoader: true })).toBe('pass');
    expect(on(read('/x'))).toBe('pass');
    expect(tests(policyText('q', { file: { matchPaths: [{ path: '/x' }] } }))(byLoader)).toMatch(
      'deny Block q',
    );
  });
});

describe('decide, on multi-call programs', () => {
  const names = ['/bin/sh', '/bin/wget', '/bin/cat', '/bin/ls', '/usr/bin/vi', '/bin/busybox'];
  const links = Object.fromEntries(names.slice(0, 5).map((name) => [name, '/bin/busybox']));
  const symbolic = { links, executables: names, files: { '/bin/busybox': '1:1', '/opt/copy': '1:1' } };
  const hard = { executables: names, files: Object.fromEntries(names.map((name) => [name, '1:1'])) };
  const run = (
    requested: string,
    argv: readonly string[],
    real = '/bin/busybox',
    more: object = {},
  ): Operation => exec(requested, argv, { links: [program(real, more)] });
  const rule = (path: string, action: string): string =>
    policyText('p', { process: { matchPaths: [{ path }] }, action });

  it('denies an applet under any name, and no other applet', () => {
    const on = tests(rule('/bin/wget', 'Block'), symbolic);
    expect(on(run('/bin/wget', ['wget']))).toMatch('deny');
    expect(on(run('/bin/sh', ['-wget']))).toMatch('deny');
    expect(on(run('/bin/busybox', ['busybox', 'busybox', '/x/wget']))).toMatch('deny');
    expect(on(run('/bin/coreutils', ['coreutils', '--coreutils-prog=wget']))).toMatch('deny');
    expect(on(run('/bin/sh', ['sh']))).toBe('pass');
    expect(on(run('/bin/sh', []))).toBe('pass');
    expect(on(run('/opt/copy', ['wget'], '/opt/copy', { fileId: '1:1' }))).toMatch('deny');
    expect(on(run('/opt/copy', ['wget'], '/opt/copy', { fileId: '1:2' }))).toBe('pass');
  });

  it('denies an applet that has no link of its own', () => {
    const on = tests(rule('/bin/nc', 'Block'), symbolic);
    expect(on(run('/bin/busybox', ['busybox', 'nc']))).toMatch('deny');
  });

  it('allows what is requested only if that is what runs', () => {
    const on = tests(rule('/bin/wget', 'Allow'), symbolic, block);
    expect(on(run('/bin/wget', ['wget']))).toBe('pass');
    expect(on(run('/bin/wget', ['sh']))).toMatch('deny');
    expect(on(run('/bin/busybox', ['busybox', 'wget']))).toMatch('deny');
    const itself = tests(rule('/bin/busybox', 'Allow'), symbolic, block);
    expect(itself(run('/bin/sh', ['sh']))).toBe('pass');
  });

  it('knows programs whose names are hard links', () => {
    const blocked = tests(rule('/bin/wget', 'Block'), hard);
    expect(blocked(run('/bin/wget', ['wget'], '/bin/wget', { fileId: '1:1' }))).toMatch('deny');
    expect(blocked(run('/bin/sh', ['sh'], '/bin/sh', { fileId: '1:1' }))).toBe('pass');
    expect(blocked(run('/bin/sh', ['wget'], '/bin/sh', { fileId: '1:1' }))).toMatch('deny');
    const allowed = tests(rule('/bin/wget', 'Allow'), hard, block);
    expect(allowed(run('/bin/wget', ['wget'], '/bin/wget'))).toBe('pass');
    expect(allowed(run('/bin/wget', ['sh'], '/bin/wget'))).toMatch('deny');
  });

  it('knows an interpreter by the name the script gives it', () => {
    const on = tests(rule('/bin/sh', 'Block'), symbolic);
    const interpreted = (more: object): Operation =>
      exec('/opt/run', ['run'], {
        links: [program('/opt/run'), program('/bin/busybox', { role: 'interpreter', ...more })],
      });
    expect(on(interpreted({ requestedPath: '/bin/sh' }))).toMatch('deny');
    expect(on(interpreted({ otherNames: ['/bin/sh'] }))).toMatch('deny');
    expect(on(interpreted({}))).toBe('pass');
  });
});

describe('decide, on sockets', () => {
  const socket = (
    family: NetworkOperation['family'],
    type: NetworkOperation['type'],
    protocol = 0,
  ): Operation => ({
    kind: 'network',
    subject: actor,
    family,
    type,
    protocol,
  });
  const blocked = (protocol: string): ((operation: Operation) => string) =>
    tests(policyText('p', { network: { matchProtocols: [{ protocol }] } }));

  it.each([
    ['tcp', socket('inet', 'stream'), true],
    ['tcp', socket('inet6', 'stream', 262), true],
    ['tcp', socket('unix', 'stream'), false],
    ['tcp', socket('inet', 'raw', 6), true],
    ['udp', socket('inet', 'dgram'), true],
    ['udp', socket('inet', 'rdm'), false],
    ['icmp', socket('inet', 'dgram', 1), true],
    ['icmpv6', socket('inet6', 'raw', 58), true],
    ['sctp', socket('inet', 'seqpacket'), true],
    ['raw', socket('inet', 'raw', 1), true],
    ['raw', socket('packet', 'raw'), true],
    ['raw', socket('netlink', 'raw'), false],
    ['stream', socket('unix', 'stream'), true],
    ['packet', socket('packet', 'raw'), false],
    ['all', socket('other', 'rdm'), true],
  ])('%s and %o', (protocol, operation, isDenied) => {
    expect(blocked(protocol)(operation)).toMatch(isDenied ? 'deny' : 'pass');
  });

  it('prefers a protocol to a type to all, and leaves local sockets out of the posture', () => {
    const text =
      policyText('a', { network: { matchProtocols: [{ protocol: 'stream' }] } }) +
      policyText('b', { network: { matchProtocols: [{ protocol: 'tcp' }] }, action: 'Allow' });
    const on = tests(text, {}, block);
    expect(on(socket('inet', 'stream'))).toBe('pass');
    expect(on(socket('unix', 'stream'))).toBe('deny Block a network.matchProtocols[0]');
    expect(on(socket('unix', 'dgram'))).toBe('pass');
    expect(on(socket('netlink', 'raw'))).toBe('pass');
    expect(on(socket('inet', 'dgram'))).toBe('deny Block DefaultPosture posture:network');
  });
});

describe('decide, on everything else', () => {
  it('judges names that are looked up', () => {
    const text =
      policyText('a', { network: { matchDNSQueries: [{ domain: 'example.com' }] } }) +
      policyText('b', { network: { matchDNSQueries: [{ domain: 'ok.example.com' }] }, action: 'Allow' });
    const on = (domain: string): string => tests(text, {}, block)({ kind: 'dns', subject: actor, domain });
    expect(on('WWW.Example.com.')).toMatch('deny Block a');
    expect(on('example.com.default.svc.cluster.local')).toMatch('deny Block a');
    expect(on('x.ok.example.com')).toBe('pass');
    expect(on('notexample.com')).toBe('deny Block DefaultPosture posture:network');
  });

  it('judges capabilities, quietly if asked to', () => {
    const text = policyText('a', { capabilities: { matchCapabilities: [{ capability: 'net_raw' }] } });
    const on = (capability: string, quiet?: boolean): string =>
      tests(text)({ kind: 'capabilities', subject: actor, capability, ...(quiet && { quiet }) });
    expect(on('CAP_NET_RAW')).toMatch('deny Block a');
    expect(on('net_raw', true)).toBe('deny');
    expect(on('sys_admin')).toBe('pass');
  });

  it('judges system calls, which it never denies', () => {
    const text = policyText('a', {
      syscalls: {
        matchSyscalls: [{ syscall: ['unlink'] }, { syscall: ['mount'], fromSource: [{ path: '/x' }] }],
        matchPaths: [
          { path: '/tmp/', recursive: true, syscall: ['unlink', 'rmdir'] },
          { path: '/tmp/f', syscall: ['unlink'] },
          { path: '/var/', syscall: ['rmdir'] },
        ],
      },
    });
    const on = (syscall: string, path?: string): string =>
      tests(text)({ kind: 'syscall', subject: actor, syscall, ...(path !== undefined && { path }) });
    expect(on('unlink')).toBe('pass Audit a syscalls.matchSyscalls[0]');
    expect(on('unlink', '/tmp/f')).toBe('pass Audit a syscalls.matchPaths[1]');
    expect(on('unlink', '/tmp/a/b')).toBe('pass Audit a syscalls.matchPaths[0]');
    expect(on('rmdir', '/var/a')).toBe('pass Audit a syscalls.matchPaths[2]');
    expect(on('rmdir', '/var/a/b')).toBe('pass');
    expect(on('rmdir')).toBe('pass');
    expect(on('mount')).toBe('pass');
  });

  it('judges devices by how exactly they are named', () => {
    const matchDevice = [
      { class: 'HID', action: 'Block' },
      { class: 'HID', subClass: 1, protocol: 2, action: 'Audit' },
      { class: 'HID', subClass: 1, level: 3, action: 'Allow' },
      { class: 'ALL', level: 9, action: 'Block', fromSource: undefined },
    ];
    const spec = { nodeSelector: { matchLabels: { a: 'b' } }, device: { matchDevice } };
    const text = policyText('a', spec, 'KubeArmorHostPolicy');
    const on = (code: number, subClass: number, protocol: number, level: number): string =>
      tests(text, {}, block)({ kind: 'device', class: code, subClass, protocol, level });
    expect(on(3, 0, 0, 1)).toBe('deny Block a device.matchDevice[0]');
    expect(on(3, 1, 2, 3)).toBe('pass Audit a device.matchDevice[1]');
    expect(on(3, 1, 1, 3)).toBe('pass');
    expect(on(8, 1, 1, 9)).toBe('deny Block a device.matchDevice[3]');
    expect(on(8, 1, 1, 1)).toBe('deny Block DefaultPosture posture:device');
    expect(
      tests(text)({ kind: 'device', subject: actor, class: 3, subClass: 0, protocol: 0, level: 1 }),
    ).toMatch('deny');
  });

  it('judges presets', () => {
    const text = policyText('a', { presets: [{ name: 'exec', action: 'Audit' }, { name: 'protectEnv' }] });
    const on = (preset: string): string => tests(text)({ kind: 'preset', subject: actor, preset });
    expect(on('exec')).toBe('pass Audit a presets[0]');
    expect(on('protectEnv')).toBe('deny Block a presets[1]');
    expect(on('protectProc')).toBe('pass');
  });

  it('gives the alert what the rule says', () => {
    const text = policyText('a', {
      file: { matchPaths: [{ path: '/f' }] },
      severity: 4,
      tags: ['t'],
      message: 'm',
    });
    expect(decide(bound(text), read('/f')).alert).toEqual({
      policyName: 'a',
      policyKey: 'KubeArmorPolicy/default/a',
      rule: 'KubeArmorPolicy/default/a#file.matchPaths[0]',
      action: 'Block',
      severity: 4,
      tags: ['t'],
      message: 'm',
    });
  });
});
