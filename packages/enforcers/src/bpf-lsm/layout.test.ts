import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BpfObject } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { CODE, FLAG, KIND, KINDS, LIMITS, POSTURE, RANK_BASE, REF, RULE, SIZES } from './layout.js';

const file = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const object = file('build/bpf/match_test.bpf.o');
const header = readFileSync(file('bpf/include/match.h'), 'utf8');

/** The value of a constant of the header. */
function constant(name: string): number {
  const text = new RegExp(`#define ${name} (.*)`).exec(header)?.[1] ?? '';
  return Number(text.replace(/u$/, ''));
}

describe('layout', () => {
  for (const [struct, size] of Object.entries(SIZES)) {
    it(`has the size of struct ${struct}`, () => {
      using opened = BpfObject.open(object);
      expect(opened.btf.findStruct(struct)?.sizeBytes).toBe(size);
    });
  }

  it('has the values of the enums', () => {
    using opened = BpfObject.open(object);
    const values = (name: string): readonly number[] => [...(opened.btf.findEnum(name)?.values() ?? [])];
    expect(values('match_kind')).toEqual([...Object.values(KIND), KINDS]);
    expect(values('match_flag')).toEqual(Object.values(FLAG));
    expect(values('match_posture')).toEqual(Object.values(POSTURE));
  });

  it('has the constants', () => {
    const constants = {
      MATCH_MAX_SETS: LIMITS.sets,
      MATCH_PATH_BYTES: LIMITS.pathBytes,
      MATCH_MAX_NESTED: LIMITS.nested,
      MATCH_MAX_ARGUMENT_LISTS: LIMITS.argumentLists,
      MATCH_MAX_CHAIN: LIMITS.chain,
      MATCH_TRANSITIONS: LIMITS.transitions,
      MATCH_BLOOM_WORDS: LIMITS.bloomWords,
      MATCH_SLOTS: LIMITS.slots,
      MATCH_REF_SOURCED: REF.sourced,
      MATCH_REF_CELL: REF.cell,
      MATCH_REF_OVERFLOW: REF.overflow,
      MATCH_REF_INDEX: REF.index,
      MATCH_PASS: CODE.pass,
      MATCH_FAIL: CODE.fail,
      MATCH_RULE: CODE.rule,
      MATCH_RANK_BASE: RANK_BASE,
      MATCH_RULE_POSTURE: RULE.posture,
      MATCH_RULE_NONE: RULE.none,
    };
    for (const [name, value] of Object.entries(constants))
      expect([name, constant(name)]).toEqual([name, value]);
  });
});
