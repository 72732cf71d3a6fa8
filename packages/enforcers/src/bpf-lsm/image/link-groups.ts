import type { Candidate, LinkCandidate } from '@kubearmor/policy';
import { LIMITS } from '../layout.js';
import { tooLarge } from './image-error.js';

/** The rules about one file, for every set of its names under which it can have been judged already. */
export interface LinkedFile {
  /** `dev:ino`. */
  readonly file: string;
  /** Which names the bits stand for. */
  readonly group: number;
  /** By the bits of names judged already, the rules that are left then. */
  readonly rest: ReadonlyMap<number, readonly Candidate[]>;
}

/** Hard links that rules name: other names for one file. */
export interface LinkGroups {
  readonly files: readonly LinkedFile[];
  /** What an exact path stands for: a group above, bits below. */
  readonly ofPath: ReadonlyMap<string, number>;
}

/** As many names can one file have been judged under. */
const MAX_NAMES = 3;
const MAX_GROUPS = 1 << 16;

type Files = ReadonlyMap<string, readonly LinkCandidate[]>;

/** Numbers what rules call a file, so that a rule is left out where the file was judged by one of its names. */
export function linkGroupsOf(files: Files): LinkGroups {
  const linked: LinkedFile[] = [];
  const ofPath = new Map<string, number>();
  connected(files).forEach((together, at) => {
    const group = at + 1;
    const bits = bitsOf(together, group);
    const masks = new Map<string, number>();
    for (const [forms, bit] of bits) {
      for (const form of parseForms(forms)) masks.set(form, (masks.get(form) ?? 0) | (1 << bit));
    }
    for (const [path, mask] of masks) ofPath.set(path, (group << LIMITS.linkGroups) | mask);
    const judged = judgedTogether(masks);
    for (const [file, candidates] of together) {
      const left = (mask: number): readonly Candidate[] =>
        candidates.filter(({ forms }) => ((mask >> (bits.get(formsKey(forms)) ?? 0)) & 1) === 0);
      linked.push({ file, group, rest: new Map([...judged].map((mask) => [mask, left(mask)])) });
    }
  });
  return { files: linked, ofPath };
}

/** Files that rules call by the same names, together. */
function connected(files: Files): readonly (readonly (readonly [string, readonly LinkCandidate[]])[])[] {
  const groupOf = new Map<string, number>();
  const groups: (readonly [string, readonly LinkCandidate[]])[][] = [];
  for (const entry of files) {
    const names = [...new Set(entry[1].flatMap(({ forms }) => forms))];
    const touched = new Set(names.flatMap((name) => groupOf.get(name) ?? []));
    const merged = [...[...touched].flatMap((group) => groups[group]?.splice(0) ?? []), entry];
    const group = groups.push(merged) - 1;
    for (const [, candidates] of merged) {
      for (const name of candidates.flatMap(({ forms }) => forms)) groupOf.set(name, group);
    }
  }
  const found = groups.filter((group) => group.length > 0);
  if (found.length >= MAX_GROUPS) {
    throw tooLarge(
      `expected fewer than ${MAX_GROUPS} files in rules about paths, got ${found.length}`,
      undefined,
    );
  }
  return found;
}

/** A bit for each set of names that rules have for a file. */
function bitsOf(
  together: readonly (readonly [string, readonly LinkCandidate[]])[],
  group: number,
): ReadonlyMap<string, number> {
  const keys = [
    ...new Set(together.flatMap(([, candidates]) => candidates.map(({ forms }) => formsKey(forms)))),
  ];
  if (keys.length > LIMITS.linkGroups) {
    throw tooLarge(
      `expected at most ${LIMITS.linkGroups} hard links of one file in rules, got ${keys.length} (group ${group})`,
      together[0]?.[1][0]?.bound.rule.id,
    );
  }
  return new Map(keys.map((key, bit) => [key, bit]));
}

/** The bits of names that one file can have been judged under. */
function judgedTogether(masks: ReadonlyMap<string, number>): ReadonlySet<number> {
  const single = [...new Set(masks.values())];
  let all = new Set([0]);
  for (let names = 0; names < MAX_NAMES; names++) {
    all = new Set([...all, ...[...all].flatMap((mask) => single.map((each) => mask | each))]);
  }
  return all;
}

function formsKey(forms: readonly string[]): string {
  return [...forms].sort().join('\0');
}

function parseForms(key: string): readonly string[] {
  return key.split('\0');
}
