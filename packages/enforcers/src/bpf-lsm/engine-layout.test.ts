import { fileURLToPath } from 'node:url';
import { BpfObject } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import {
  decodeEngineEvent,
  ENGINE_COUNTER,
  ENGINE_EVENT,
  ENGINE_KIND,
  ENGINE_SIZES,
  encodeEngineLabel,
  encodeEngineWorkload,
  encodeExecutable,
  ON_ERROR,
} from './engine-layout.js';

const object = fileURLToPath(new URL('../../../../build/bpf/enforcer.bpf.o', import.meta.url));

/** Offsets by name, of a struct as the compiler laid it out. */
function offsets(struct: string): Readonly<Record<string, number>> {
  using opened = BpfObject.open(object);
  const found = opened.btf.findStruct(struct);
  return Object.fromEntries((found?.members ?? []).map(({ name, offsetBits }) => [name, offsetBits / 8]));
}

function u32(bytes: Uint8Array, at: number | undefined): number {
  return new DataView(bytes.buffer).getUint32(at ?? -1, true);
}

describe('engine layout', () => {
  for (const [struct, size] of Object.entries(ENGINE_SIZES)) {
    it(`has the size of struct ${struct}`, () => {
      using opened = BpfObject.open(object);
      expect(opened.btf.findStruct(struct)?.sizeBytes).toBe(size);
    });
  }

  it('has the values of the enums', () => {
    using opened = BpfObject.open(object);
    const values = (name: string): readonly number[] => [...(opened.btf.findEnum(name)?.values() ?? [])];
    expect(values('engine_on_error')).toEqual(Object.values(ON_ERROR));
    expect(values('engine_kind')).toEqual(Object.values(ENGINE_KIND));
    expect(values('engine_event_kind')).toEqual(Object.values(ENGINE_EVENT));
    expect(values('engine_counter').slice(0, -1)).toEqual(Object.values(ENGINE_COUNTER));
  });

  it('encodes workloads, labels and executables', () => {
    const workload = encodeEngineWorkload({
      set: 1,
      generation: 2,
      kinds: 3,
      denyOnError: 4,
      isAudited: true,
    });
    const at = offsets('engine_workload');
    const fields = ['set', 'generation', 'kinds', 'deny_on_error', 'is_audited'];
    expect(fields.map((name) => u32(workload, at[name]))).toEqual([1, 2, 3, 4, 1]);
    const label = encodeEngineLabel(5, 6n, 7n);
    const inLabel = offsets('engine_label');
    expect(['workload', 'exe', 'parent_exe'].map((name) => u32(label, inLabel[name]))).toEqual([5, 6, 7]);
    const executable = encodeExecutable('/bin/sh');
    expect(u32(executable, offsets('engine_executable')['length'])).toBe(7);
    expect(Buffer.from(executable).toString('utf8', offsets('engine_executable')['text'])).toMatch(
      /^\/bin\/sh\0/,
    );
  });

  it('decodes an alert', () => {
    const at = offsets('engine_event');
    const view = new DataView(new ArrayBuffer(ENGINE_SIZES.engine_event + 2));
    const names = [
      'kind',
      'workload',
      'generation',
      'rule',
      'is_denied',
      'tid',
      'tgid',
      'uid',
      'is_write',
      'has_tty',
    ];
    names.forEach((name, index) => {
      view.setUint32(at[name] ?? -1, index + 1, true);
    });
    [2, 1, 6].forEach((number, index) => {
      view.setUint32((at['numbers'] ?? -1) + index * 4, number, true);
    });
    view.setUint32(at['length'] ?? -1, 2, true);
    Buffer.from(view.buffer).write('/a', ENGINE_SIZES.engine_event);
    expect(decodeEngineEvent(view, 0)).toEqual({
      timeNs: 0n,
      exe: 0n,
      parentExe: 0n,
      kind: 1,
      workload: 2,
      generation: 3,
      rule: 4,
      isDenied: true,
      tid: 6,
      tgid: 7,
      uid: 8,
      isWrite: true,
      hasTty: true,
      numbers: [2, 1, 6],
      path: '/a',
    });
  });
});
