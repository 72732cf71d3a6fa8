/** The shapes that bpf/include/match.h shares with user space; layout.test.ts compares them with the object's BTF. */

/** Sizes of the shared structs in bytes. */
export const SIZES = {
  match_slot: 16,
  match_override: 16,
  match_effect: 16,
  match_cell: 64,
  match_row: 64,
  match_paths: 36_952,
  match_patterns: 262_680,
  match_text: 4640,
  match_facts: 24,
} as const;

/** Limits of bpf/include/match.h. */
export const LIMITS = {
  sets: 4096,
  pathBytes: 4096,
  nested: 32,
  argumentLists: 64,
  chain: 8,
  linkGroups: 12,
  transitions: 65_536,
  keys: 1028,
  bloomWords: 4096,
  slots: 4,
} as const;

/** `enum match_kind`. */
export const KIND = { file: 0, process: 1, source: 2, fixed: 3 } as const;

/** How many kinds there are. */
export const KINDS = 4;

/** Bits of a reference. */
export const REF = {
  sourced: 0x8000_0000,
  cell: 0x4000_0000,
  overflow: 0x2000_0000,
  index: 0x1fff_ffff,
} as const;

/** How what decides is coded below its rank. */
export const CODE = { pass: 0x4000_0000, fail: 0x8000_0000, rule: 0x3fff_ffff } as const;

/** The rank is subtracted from this. */
export const RANK_BASE = 0x2_0000;

/** In the place of a rule. */
export const RULE = { posture: 0x3fff_fffe, none: 0x3fff_ffff } as const;

/** `enum match_flag`. */
export const FLAG = { anchored: 1, floating: 2, names: 4, files: 8 } as const;

/** `enum match_posture`. */
export const POSTURE = { allow: 0, audit: 1, block: 2 } as const;

/** Cells of what is no path. */
export const CELLS = {
  families: 6,
  types: 8,
  protocols: 8,
  sockets: 768,
  capabilities: 48,
  deny: 0x8000_0000,
} as const;
