import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unitFile } from '../install/unit-file.js';
import { findOtherKubearmor } from './other-kubearmor.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubearmor-other-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function run(pid: number, exe: string): void {
  mkdirSync(join(root, `proc/${pid}`), { recursive: true });
  symlinkSync(exe, join(root, `proc/${pid}/exe`));
}

describe('findOtherKubearmor', () => {
  it('finds nothing on a machine without one, and nothing of ours', () => {
    expect(findOtherKubearmor({ root })).toEqual([]);
    run(7, '/opt/kubearmor/node_modules/node/bin/node');
    put('sys/fs/bpf/kubearmor/guard-1/labels', '');
    put('etc/systemd/system/kubearmor.service', unitFile('/opt/kubearmor'));
    put('opt/kubearmor/kubearmor', '#!/bin/sh\n');
    expect(findOtherKubearmor({ root })).toEqual([]);
  });

  it('finds a process, its pins, its unit and its program', () => {
    run(12, '/opt/kubearmor/kubearmor');
    run(13, '/usr/bin/kubearmor (deleted)');
    put('sys/fs/bpf/kubearmor_containers', '');
    put('usr/lib/systemd/system/kubearmor.service', '[Unit]\n');
    put('opt/kubearmor/kubearmor', '\x7fELF…');
    expect(findOtherKubearmor({ root })).toEqual([
      'process 12 (/opt/kubearmor/kubearmor)',
      'process 13 (/usr/bin/kubearmor (deleted))',
      `pinned map ${root}/sys/fs/bpf/kubearmor_containers`,
      `systemd unit ${root}/usr/lib/systemd/system/kubearmor.service`,
      'program /opt/kubearmor/kubearmor',
    ]);
  });

  it('says nothing of this machine that is wrong', () => {
    expect(findOtherKubearmor().filter((each) => each.includes(String(process.pid)))).toEqual([]);
  });
});
