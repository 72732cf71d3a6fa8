import type { BoundRuleSet, DirectoryCandidate, PathRules } from '@kubearmor/policy';
import { FLAG, KIND, LIMITS, POSTURE } from '../layout.js';
import type { ArgumentLists } from './argument-lists.js';
import { EffectTable } from './effect-table.js';
import { tooLarge } from './image-error.js';
import { bloomOf, RowWriter, type PathImage, type Slot } from './image-writer.js';
import { linkGroupsOf, type LinkGroups } from './link-groups.js';
import { encodePathHeader } from './path-header.js';
import type { PathHash } from './path-hash.js';
import { patternTables } from './pattern-tables.js';
import type { SourceClasses } from './source-classes.js';
import { subtreesOf } from './subtrees.js';

/** What all kinds of a rule set's image share. */
export interface ImageContext {
  readonly classes: SourceClasses;
  readonly lists: ArgumentLists;
  /** By secret keys of this rule set alone. */
  readonly hash: PathHash;
  readonly generation: bigint;
}

/** What is asked about a file before anything is known of it: which names its links have. */
const GROUP_QUESTION = 0xffff_ffff;

/** The rules of one kind about paths, as the kernel's tables. */
export function pathImage(
  bound: BoundRuleSet,
  kind: 'file' | 'process',
  { classes, lists, hash, generation }: ImageContext,
): PathImage {
  const table = new EffectTable(KIND[kind], classes, lists);
  const rules = bound[kind];
  const { paths, directories, names, files, patterns } = rules.tables();
  refuseDeepNesting(directories);
  const links = linkGroupsOf(files);
  const entries = [
    ...[...paths].map(([path, candidates]) => ({
      tag: hash.path(path),
      near: table.refOf(candidates),
      far: links.ofPath.get(path) ?? 0,
    })),
    ...[...directories].map(([dir, candidates]) => ({
      tag: hash.directory(dir),
      near: table.refOf(candidates),
      far: table.refOf(candidates.filter(({ recursive }) => recursive)),
    })),
  ];
  const nameSlots = [...names].map(([name, candidates]) => ({
    tag: hash.name(name),
    near: table.refOf(candidates),
    far: 0,
  }));
  const fileSlots = linkSlots(links, table, hash);
  const belowSlots = kind === 'file' ? subtreeSlots(rules, table, classes, hash) : [];
  const { flags, accepts, value } = patternTables(patterns, table, generation);
  const rows = new RowWriter();
  const header = encodePathHeader({
    generation,
    flags: flags | (names.size > 0 ? FLAG.names : 0) | (files.size > 0 ? FLAG.files : 0),
    posture: postureOf(bound, kind),
    paths: rows.slots(entries),
    names: rows.slots(nameSlots),
    files: rows.slots(fileSlots),
    below: rows.slots(belowSlots),
    overrides: rows.overrides(table.overrides),
    ...rows.effects(table),
    acceptsRow: [rows.numbers(accepts[0]), rows.numbers(accepts[1])],
    keys: hash.keys,
    bloom: bloomOf(entries),
  });
  return { paths: header, rows: rows.bytes(), ...(value && { patterns: value }) };
}

function linkSlots({ files }: LinkGroups, table: EffectTable, hash: PathHash): readonly Slot[] {
  return files.flatMap(({ file, group, rest }) => {
    const [device, inode] = parseFile(file);
    return [
      { tag: hash.file(device, inode, GROUP_QUESTION), near: group, far: 0 },
      ...[...rest].map(([mask, candidates]) => ({
        tag: hash.file(device, inode, mask),
        near: table.refOf(candidates),
        far: 0,
      })),
    ];
  });
}

function parseFile(file: string): readonly [device: number, inode: bigint] {
  const [device = '0', inode = '0'] = file.split(':');
  return [Number(device), BigInt(inode)];
}

function subtreeSlots(
  rules: PathRules,
  table: EffectTable,
  classes: SourceClasses,
  hash: PathHash,
): readonly Slot[] {
  return subtreesOf(rules.namedPaths(), table, classes).map(({ dir, ref }) => ({
    tag: hash.directory(dir),
    near: ref,
    far: 0,
  }));
}

/** The kernel notes so many directories of one path. */
function refuseDeepNesting(directories: ReadonlyMap<string, readonly DirectoryCandidate[]>): void {
  for (const [dir, candidates] of directories) {
    let nested = 0;
    for (let slash = dir.indexOf('/'); slash >= 0; slash = dir.indexOf('/', slash + 1)) {
      if (directories.has(dir.slice(0, slash + 1))) nested += 1;
    }
    if (nested > LIMITS.nested) {
      throw tooLarge(
        `expected at most ${LIMITS.nested} directories of rules one in another, got ${nested} up to ${dir}`,
        candidates[0]?.bound.rule.id,
      );
    }
  }
}

function postureOf({ unmatched }: BoundRuleSet, kind: 'file' | 'process'): number {
  const decision = unmatched.get(kind);
  if (decision === undefined) return POSTURE.allow;
  return decision.verdict === 'deny' ? POSTURE.block : POSTURE.audit;
}
