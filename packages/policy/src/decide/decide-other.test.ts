import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import type { NetworkOperation, Operation } from './operation.js';
import { tests } from '../testing/judge.js';
import { read } from '../testing/operations.js';
import { actor, block, bound, policyText } from '../testing/policies.js';

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
