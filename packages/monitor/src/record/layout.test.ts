import { fileURLToPath } from 'node:url';
import { BpfObject, type Btf } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { VARIANT_OBJECTS } from '../programs/monitor-variant.js';
import {
  CALL_AT,
  CALL_FLAG,
  DNS_TEXT,
  EVENT_AT,
  EXEC_TEXT,
  FLAG,
  GROUP,
  HASH_AT,
  KIND,
  LOSS,
  PAYLOAD,
  PEER_AT,
  PROCESS_AT,
  SIZES,
  TEXT,
} from './layout.js';

const OBJECTS = fileURLToPath(new URL('../../../../build/bpf/', import.meta.url));

function withBtf<T>(read: (btf: Btf) => T): T {
  using object = BpfObject.open(`${OBJECTS}${VARIANT_OBJECTS.tracepoints}`);
  return read(object.btf);
}

/** `ringFull` as C spells it. */
function constant(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const OFFSETS = {
  monitor_event: EVENT_AT,
  monitor_process: PROCESS_AT,
  monitor_hash: HASH_AT,
  monitor_peer: PEER_AT,
  monitor_call: CALL_AT,
} as const;

const ENUMS = [
  ['monitor_group', 'MONITOR_GROUP_', GROUP],
  ['monitor_kind', 'MONITOR_', KIND],
  ['monitor_flag', 'MONITOR_', FLAG],
  ['monitor_text_source', 'MONITOR_TEXT_', TEXT],
  ['monitor_call_flag', 'MONITOR_CALL_', CALL_FLAG],
  ['monitor_payload', 'MONITOR_PAYLOAD_', PAYLOAD],
  ['monitor_dns_text', 'MONITOR_DNS_', DNS_TEXT],
  ['monitor_exec_text', 'MONITOR_EXEC_', EXEC_TEXT],
  ['monitor_loss', 'MONITOR_LOST_', LOSS],
] as const;

describe('layout', () => {
  for (const [struct, size] of Object.entries(SIZES)) {
    it(`has the size of struct ${struct}`, () => {
      expect(withBtf((btf) => btf.findStruct(struct)?.sizeBytes)).toBe(size);
    });
  }

  for (const [struct, offsets] of Object.entries(OFFSETS)) {
    it(`has the offsets of struct ${struct}`, () => {
      const members = withBtf((btf) => btf.findStruct(struct)?.members) ?? [];
      const compiled = Object.fromEntries(members.map((member) => [member.name, member.offsetBits / 8]));
      expect(compiled).toMatchObject(offsets);
      expect(Object.keys(compiled).filter((name) => name !== 'pad')).toEqual(Object.keys(offsets));
    });
  }

  for (const [name, prefix, values] of ENUMS) {
    it(`has the values of enum ${name}`, () => {
      const compiled = withBtf((btf) => btf.findEnum(name));
      const mirrored = Object.entries(values).map(([key, value]) => [`${prefix}${constant(key)}`, value]);
      const counted = [...(compiled ?? [])].filter(([key]) => key !== 'MONITOR_LOSSES');
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(mirrored));
    });
  }
});
