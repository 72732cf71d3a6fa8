import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '@kubearmor/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkloadRoot } from '../root/workload-root.js';
import { parseAskedOperation, parseAskedSubject } from './asked-operation.js';
import { locateOperation } from './locate-operation.js';

const aString: unknown = expect.any(String);
const containing = (value: object): unknown => expect.objectContaining(value);

describe('locateOperation', () => {
  let directory = '';
  const uid = process.geteuid?.() ?? 0;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'karmor-root-'));
    for (const name of ['usr/bin', 'etc']) mkdirSync(join(directory, name), { recursive: true });
    symlinkSync('usr/bin', join(directory, 'bin'));
    writeFileSync(join(directory, 'usr/bin/dash'), 'no program of any kind');
    symlinkSync('dash', join(directory, 'usr/bin/sh'));
    writeFileSync(join(directory, 'usr/bin/tool'), '#!/bin/sh -e\n');
    chmodSync(join(directory, 'usr/bin/tool'), 0o755);
    writeFileSync(join(directory, 'etc/hosts'), '');
    symlinkSync('/etc/hosts', join(directory, 'etc/link'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const locate = (flags: object, ...args: string[]): Operation => {
    using root = WorkloadRoot.open(directory);
    return locateOperation(parseAskedOperation(flags, args), parseAskedSubject(flags), root);
  };

  it('follows an exec through links and interpreters, within the root', () => {
    expect(locate({ exec: 'tool', from: '/bin/sh', uid: '33', tty: true }, 'a')).toMatchObject({
      kind: 'exec',
      requestedPath: '/usr/bin/tool',
      argv: ['tool', 'a'],
      subject: { exe: '/usr/bin/dash', parentExe: '/usr/bin/dash', fsUid: 33, hasTty: true },
      links: [
        { role: 'program', path: '/usr/bin/tool', ownerUid: uid },
        { role: 'interpreter', path: '/usr/bin/dash', requestedPath: '/usr/bin/sh' },
      ],
    });
  });

  it('opens what is there, and what is to be created', () => {
    expect(locate({ open: '/etc/link' })).toMatchObject({
      kind: 'file',
      access: ['read'],
      objects: [{ path: '/etc/hosts', ownerUid: uid, fileId: aString }],
    });
    expect(locate({ open: '/etc/new', write: true, read: true })).toMatchObject({
      access: ['read', 'write'],
      objects: [{ path: '/etc/new', ownerUid: uid }],
    });
  });

  it('knows sockets, capabilities and names', () => {
    expect(locate({ connect: 'udp', inet6: true })).toMatchObject({
      family: 'inet6',
      type: 'dgram',
      protocol: 17,
    });
    expect(locate({ capability: 'net_raw' })).toMatchObject({
      kind: 'capabilities',
      capability: 'CAP_NET_RAW',
    });
    expect(locate({ lookup: 'a.b' })).toMatchObject({ kind: 'dns', domain: 'a.b' });
  });

  for (const flags of [
    { open: '/etc/new' },
    { open: '/none/new', write: true },
    { exec: '/none' },
    { exec: 'none' },
  ]) {
    it(`says what is missing for ${JSON.stringify(flags)}`, () => {
      expect(() => locate(flags)).toThrow(containing({ code: 'OBJECT_MISSING' }));
    });
  }

  for (const flags of [{}, { exec: 'a', open: 'b' }, { capability: 'fly' }, { connect: 'carrier-pigeon' }]) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      expect(() => locate(flags)).toThrow(containing({ code: 'USAGE_INVALID' }));
    });
  }
});
