import { effectOf, type Candidate, type Effect } from '@kubearmor/policy';
import { CODE, KIND, LIMITS, RANK_BASE, REF } from '../layout.js';
import type { ArgumentLists } from './argument-lists.js';
import { tooLarge } from './image-error.js';
import type { SourceClasses } from './source-classes.js';

/** One effect for each kind of access; bits of the index as in `struct match_cell`. */
interface Cell {
  readonly effects: readonly number[];
  readonly maskBit: number;
  readonly next: number;
}

/** What a reference is for a class of sources. */
export interface Override {
  readonly ref: number;
  readonly source: number;
  readonly instead: number;
}

/** A kind of access: what modifiers of rules are about. */
export interface Access {
  readonly isOwner: boolean;
  /** Of a file: whether it writes. Of a program: whether its arguments are listed. */
  readonly isMasked: boolean;
  readonly hasTty: boolean;
}

/** Gives the effect of rules for a class of sources and a kind of access. */
export type EffectFor = (source: number, access: Access) => Effect;

const ACCESSES: readonly Access[] = Array.from({ length: 8 }, (_, bits) => ({
  isOwner: (bits & 1) !== 0,
  isMasked: (bits & 2) !== 0,
  hasTty: (bits & 4) !== 0,
}));

const NONE = 0xffff_ffff_ffff_ffffn;

/** What rules come to, for all who may ask, as the contest of `decide` has it: the kernel only looks it up. */
export class EffectTable {
  readonly overrides: Override[] = [];
  readonly #kind: number;
  readonly #classes: SourceClasses;
  readonly #lists: ArgumentLists;
  /** Place 0 is no effect, so that no reference that says something is 0. */
  readonly #effects: (readonly [deciding: bigint, auditing: bigint])[] = [[NONE, NONE]];
  readonly #places = new Map<string, number>();
  readonly #cells: Cell[] = [{ effects: [0, 0, 0, 0, 0, 0, 0, 0], maskBit: 0, next: 0 }];
  readonly #cellPlaces = new Map<string, number>();

  constructor(kind: number, classes: SourceClasses, lists: ArgumentLists) {
    this.#kind = kind;
    this.#classes = classes;
    this.#lists = lists;
  }

  get effectCount(): number {
    return this.#effects.length;
  }

  get cellCount(): number {
    return this.#cells.length;
  }

  /** A reference to what rules come to where all of them match. */
  refOf(candidates: readonly Candidate[]): number {
    if (candidates.length === 0) return 0;
    const classes = this.#classes.ofRules(candidates.map(({ bound }) => bound));
    return this.#sourced(classes, (source) => this.#chain(candidates, source));
  }

  /** A reference to what is worked out for each class and access; the arguments of a program do not matter. */
  refFor(classes: readonly number[], hasModifiers: boolean, effectFor: EffectFor): number {
    return this.#sourced(classes, (source) =>
      this.#cellRef(hasModifiers, 0, 0, (access) => effectFor(source, access)),
    );
  }

  /** A reference to one number, coded as a rule that blocks. */
  refTo(order: number, rank: number): number {
    return this.#effect({ deciding: { outcome: 'block', rank, order } }, false);
  }

  /** What candidates come to. */
  effect(candidates: readonly Candidate[], source: number, { isOwner, isMasked, hasTty }: Access): Effect {
    const isProcess = this.#kind === KIND.process;
    const allowed = candidates.find(({ bound }) => bound.allowedArgs !== undefined)?.bound.allowedArgs;
    return effectOf(candidates, {
      subject: { exe: this.#classes.representative(source), fsUid: 0, hasTty },
      // The parent's executable is asked about as an executable: what both come to is put together.
      isProcess: false,
      isWrite: isMasked && !isProcess,
      ownerUid: isOwner ? 0 : 1,
      argv: isMasked && isProcess ? ['', ...[...(allowed ?? [])].slice(0, 1)] : [],
    });
  }

  writeEffects(view: DataView, offset: number): void {
    this.#effects.forEach(([deciding, auditing], at) => {
      view.setBigUint64(offset + at * 16, deciding, true);
      view.setBigUint64(offset + at * 16 + 8, auditing, true);
    });
  }

  writeCells(view: DataView, offset: number): void {
    this.#cells.forEach(({ effects, maskBit, next }, at) => {
      [...effects, maskBit, next].forEach((word, index) => {
        view.setUint32(offset + at * 64 + index * 4, word, true);
      });
    });
  }

  #sourced(classes: readonly number[], plain: (source: number) => number): number {
    const base = plain(0);
    const overrides = classes
      .map((source) => ({ source, instead: plain(source) }))
      .filter(({ instead }) => instead !== base);
    if (overrides.length === 0) return base;
    // A place of its own: it names what has the overrides.
    const ref = (this.#copy(base) | REF.sourced) >>> 0;
    for (const { source, instead } of overrides) this.overrides.push({ ref, source, instead });
    return ref;
  }

  #copy(ref: number): number {
    const index = ref & REF.index;
    if ((ref & REF.cell) === 0) return this.#effects.push(this.#effects[index] ?? [NONE, NONE]) - 1;
    const cell = this.#cells[index];
    return cell === undefined ? ref : REF.cell | (this.#cells.push(cell) - 1);
  }

  /** Rules by their lists of arguments: each list is looked at by itself, and the best of all counts. */
  #chain(candidates: readonly Candidate[], source: number): number {
    const groups = Map.groupBy(candidates, ({ bound }) => this.#lists.placeOf(bound));
    if (groups.size > LIMITS.chain) {
      throw tooLarge(
        `expected at most ${LIMITS.chain} lists of arguments for one program, got ${groups.size}`,
        candidates.at(-1)?.bound.rule.id,
      );
    }
    const hasModifiers = candidates.some(({ bound }) => bound.hasModifiers);
    let ref = 0;
    for (const [list, group] of groups) {
      const next = ref & REF.index;
      ref = this.#cellRef(hasModifiers, list ?? 0, next, (access) => this.effect(group, source, access));
    }
    return ref;
  }

  #cellRef(
    hasModifiers: boolean,
    maskBit: number,
    next: number,
    effectFor: (access: Access) => Effect,
  ): number {
    const accesses = hasModifiers ? ACCESSES : ACCESSES.slice(0, 1);
    const effects = accesses.map((access) => this.#effect(effectFor(access), true));
    if (next === 0 && effects.every((each) => each === effects[0])) return effects[0] ?? 0;
    const key = [...effects, maskBit, next].join(' ');
    const known = this.#cellPlaces.get(key);
    if (known !== undefined) return REF.cell | known;
    const place = this.#cells.push({ effects, maskBit, next }) - 1;
    this.#cellPlaces.set(key, place);
    return REF.cell | place;
  }

  #effect({ deciding, auditing }: Effect, isShared: boolean): number {
    const code = deciding === undefined ? NONE : ranked(deciding.rank, codeOf(deciding));
    const audit = auditing === undefined ? NONE : ranked(auditing.rank, auditing.order);
    const key = `${code} ${audit}`;
    const known = this.#places.get(key);
    if (known !== undefined && isShared) return known;
    if (code === NONE && audit === NONE && isShared) return 0;
    const place = this.#effects.push([code, audit]) - 1;
    if (isShared) this.#places.set(key, place);
    return place;
  }
}

function ranked(rank: number, code: number): bigint {
  return (BigInt(RANK_BASE - rank) << 32n) | BigInt(code >>> 0);
}

function codeOf({ outcome, order }: NonNullable<Effect['deciding']>): number {
  if (outcome === 'block') return order;
  return outcome === 'pass' ? CODE.pass : CODE.fail | order;
}
