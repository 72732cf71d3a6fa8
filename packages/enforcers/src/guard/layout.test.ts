import { fileURLToPath } from 'node:url';
import { BpfObject } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import {
  ALERT_COUNT,
  CELL,
  CELLS,
  COUNTER,
  EVENT,
  LABEL,
  LabelView,
  ON_ERROR,
  encodePendingExec,
  encodeProfileKey,
  SIZES,
} from './layout.js';
import { decodeEvent, decodeSocketEvent, decodeSyscallEvent } from './observe/ring-event.js';

const object = (name: string): string =>
  fileURLToPath(new URL(`../../../../build/bpf/${name}.bpf.o`, import.meta.url));

/** Offsets by name, of a struct as the compiler laid it out. */
function offsets(file: string, struct: string): Record<string, number> {
  using opened = BpfObject.open(object(file));
  const found = opened.btf.findStruct(struct);
  return Object.fromEntries((found?.members ?? []).map((member) => [member.name, member.offsetBits / 8]));
}

const FILES: Record<keyof typeof SIZES, string> = {
  guard_label: 'guard',
  guard_exec: 'guard',
  guard_key: 'guard',
  guard_workload: 'guard',
  guard_cgroup: 'guard',
  guard_cgroup_path: 'guard',
  guard_profile_key: 'guard',
  guard_profile: 'guard',
  guard_event: 'guard',
  guard_socket_event: 'guard',
  guard_exec_event: 'guard',
  guard_syscall_event: 'observe',
  guard_syscall: 'observe',
  guard_alert_counts: 'guard',
};

describe('layout', () => {
  for (const [struct, size] of Object.entries(SIZES)) {
    it(`has the size of struct ${struct}`, () => {
      const file = Object.entries(FILES).find(([name]) => name === struct)?.[1] ?? 'guard';
      using opened = BpfObject.open(object(file));
      expect(opened.btf.findStruct(struct)?.sizeBytes).toBe(size);
    });
  }

  it('has the values of the enums', () => {
    using opened = BpfObject.open(object('guard'));
    expect(opened.btf.findEnum('guard_event_kind')).toEqual(
      new Map([
        ['GUARD_EVENT_SOCKET', EVENT.socket],
        ['GUARD_EVENT_EXEC_ALTERED', EVENT.execAltered],
        ['GUARD_EVENT_EXEC_UNSEEN', EVENT.execUnseen],
        ['GUARD_EVENT_SYSCALL', EVENT.syscall],
      ]),
    );
    expect(COUNTER).toEqual({ eventLost: 0, labelLost: 1, events: 2, cgroupLost: 3 });
    expect(opened.btf.findEnum('guard_label_flag')).toEqual(
      new Map([
        ['GUARD_LABEL_STARTING', LABEL.starting],
        ['GUARD_LABEL_OURS', LABEL.ours],
      ]),
    );
    expect(opened.btf.findEnum('guard_error')).toEqual(
      new Map([
        ['GUARD_ERROR_PROCESS', ON_ERROR.process],
        ['GUARD_ERROR_FILE', ON_ERROR.file],
        ['GUARD_ERROR_NETWORK', ON_ERROR.network],
      ]),
    );
  });

  it('encodes a label, an exec and a profile key where the programs read them', () => {
    const label = new LabelView();
    const labelBytes = new DataView(label.set({ workload: 7, exe: 8n, parentExe: 9n }).buffer);
    const labelAt = offsets('guard', 'guard_label');
    expect(labelBytes.getUint32(labelAt['workload'] ?? -1, true)).toBe(7);
    expect(labelBytes.getBigUint64(labelAt['exe'] ?? -1, true)).toBe(8n);
    expect(labelBytes.getBigUint64(labelAt['parent_exe'] ?? -1, true)).toBe(9n);
    expect([label.workload, label.exe, label.parentExe]).toEqual([7, 8n, 9n]);

    const exec = {
      exe: 1n,
      pathHash: 2n,
      argsHash: 3n,
      filenameHash: 4n,
      argsBytes: 5,
      verify: 'beginning' as const,
    };
    const execBytes = new DataView(encodePendingExec(exec).buffer);
    const execAt = offsets('guard', 'guard_exec');
    expect(execBytes.getBigUint64(execAt['exe'] ?? -1, true)).toBe(1n);
    expect(execBytes.getBigUint64(execAt['path_hash'] ?? -1, true)).toBe(2n);
    expect(execBytes.getBigUint64(execAt['args_hash'] ?? -1, true)).toBe(3n);
    expect(execBytes.getBigUint64(execAt['filename_hash'] ?? -1, true)).toBe(4n);
    expect(execBytes.getUint32(execAt['args_bytes'] ?? -1, true)).toBe(5);
    expect(execBytes.getUint32(execAt['verify'] ?? -1, true)).toBe(2);

    const key = new DataView(encodeProfileKey(3, 4n).buffer);
    const keyAt = offsets('guard', 'guard_profile_key');
    expect(key.getUint32(keyAt['rule_set'] ?? -1, true)).toBe(3);
    expect(key.getBigUint64(keyAt['exe'] ?? -1, true)).toBe(4n);
    expect(SIZES.guard_profile).toBe(CELLS.total * 4);
    expect(CELL.deny & CELL.alert & CELL.rule).toBe(0);
  });

  it('counts alerts where the struct says', () => {
    const at = offsets('guard', 'guard_alert_counts');
    expect(Object.fromEntries(Object.entries(at).map(([name, offset]) => [name, offset / 8]))).toEqual(
      ALERT_COUNT,
    );
  });

  it('decodes events where the programs wrote them', () => {
    const view = new DataView(new ArrayBuffer(SIZES.guard_syscall_event));
    const at = offsets('guard', 'guard_event');
    const numbers = [
      'kind',
      'workload',
      'rule_set',
      'cell',
      'tid',
      'tgid',
      'uid',
      'has_tty',
      'ppid',
      'inner_pid',
    ];
    numbers.forEach((name, index) => {
      view.setUint32(at[name] ?? -1, index + 1, true);
    });
    view.setBigUint64(at['time_ns'] ?? -1, 100n, true);
    view.setBigUint64(at['exe'] ?? -1, 101n, true);
    view.setBigUint64(at['parent_exe'] ?? -1, 102n, true);
    expect(decodeEvent(view, 0)).toEqual({
      timeNs: 100n,
      exe: 101n,
      parentExe: 102n,
      kind: 1,
      workload: 2,
      ruleSetId: 3,
      cell: 4,
      tid: 5,
      tgid: 6,
      uid: 7,
      hasTty: true,
      parentPid: 9,
      innerPid: 10,
    });
  });

  it('decodes a socket event', () => {
    const view = new DataView(new ArrayBuffer(SIZES.guard_socket_event));
    const at = offsets('guard', 'guard_socket_event');
    view.setUint32(at['operation'] ?? -1, 2, true);
    view.setUint32(at['family'] ?? -1, 2, true);
    view.setUint32(at['type'] ?? -1, 1, true);
    view.setUint32(at['protocol'] ?? -1, 6, true);
    view.setUint32(at['port'] ?? -1, 443, true);
    [127, 0, 0, 1].forEach((byte, index) => {
      view.setUint8((at['address'] ?? -1) + index, byte);
    });
    const expected = {
      operation: 2,
      family: 2,
      type: 1,
      protocol: 6,
      port: 443,
      address: '127.0.0.1',
      cookie: 0n,
    };
    expect(decodeSocketEvent(view, 0)).toEqual(expected);
  });

  for (const [groups, text] of [
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], '2001:db8::'],
    [[0x2001, 0xdb8, 0, 1, 0, 0, 0, 1], '2001:db8:0:1::1'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '1:2:3:4:5:6:7:8'],
    [[0, 2, 0, 4, 5, 6, 7, 8], '0:2:0:4:5:6:7:8'],
  ] as const) {
    it(`prints the IPv6 address ${text}`, () => {
      const view = new DataView(new ArrayBuffer(SIZES.guard_socket_event));
      const at = offsets('guard', 'guard_socket_event');
      view.setUint32(at['family'] ?? -1, 10, true);
      groups.forEach((group, index) => {
        view.setUint16((at['address'] ?? -1) + index * 2, group);
      });
      expect(decodeSocketEvent(view, 0).address).toBe(text);
    });
  }

  it('decodes a system call event', () => {
    const view = new DataView(new ArrayBuffer(SIZES.guard_syscall_event));
    const at = offsets('observe', 'guard_syscall_event');
    view.setUint32(at['syscall'] ?? -1, 82, true);
    view.setBigUint64((at['args'] ?? -1) + 8, 5n, true);
    Buffer.from(view.buffer, at['first']).write('/a\0');
    Buffer.from(view.buffer, at['second']).write('/b\0');
    const decoded = decodeSyscallEvent(view, 0);
    expect(decoded).toEqual({
      syscall: 82,
      isCompat: false,
      args: [0n, 5n, 0n, 0n, 0n, 0n],
      strings: ['/a', '/b'],
    });
  });
});
