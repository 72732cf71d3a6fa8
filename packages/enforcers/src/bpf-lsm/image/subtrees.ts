import type { Effect, NamedPath } from '@kubearmor/policy';
import type { Access, EffectTable } from './effect-table.js';
import type { SourceClasses } from './source-classes.js';

/** A directory, and what a change of it comes to for what rules name below. */
export interface Subtree {
  /** With the slash at its end. */
  readonly dir: string;
  readonly ref: number;
}

/** What a change of a directory comes to: a write to each path below it that rules name; the first refusal counts, else the first alert. */
export function subtreesOf(
  named: readonly NamedPath[],
  table: EffectTable,
  classes: SourceClasses,
): readonly Subtree[] {
  const below = new Map<string, Outcomes[]>();
  for (const path of named) {
    const outcomes = new Outcomes(path, table, classes);
    for (const dir of directoriesAbove(path.path)) {
      const known = below.get(dir);
      if (known === undefined) below.set(dir, [outcomes]);
      else known.push(outcomes);
    }
  }
  return [...below].map(([dir, list]) => {
    const sources = [...new Set(list.flatMap((each) => each.classes))].sort((a, b) => a - b);
    const hasModifiers = list.some((each) => each.hasModifiers);
    const ref = table.refFor(sources, hasModifiers, (source, access) => firstOf(list, source, access));
    return { dir, ref };
  });
}

/** What a write to one path comes to, worked out once for each class and access. */
class Outcomes {
  readonly classes: readonly number[];
  readonly hasModifiers: boolean;
  readonly #path: NamedPath;
  readonly #table: EffectTable;
  readonly #known = new Map<string, Effect>();

  constructor(path: NamedPath, table: EffectTable, classes: SourceClasses) {
    const rules = path.candidates.map(({ bound }) => bound);
    this.classes = classes.ofRules(rules);
    this.hasModifiers = rules.some((rule) => rule.hasModifiers);
    this.#path = path;
    this.#table = table;
  }

  of(source: number, access: Access): Effect {
    const asked = this.classes.includes(source) ? source : 0;
    const key = `${asked} ${access.isOwner} ${access.hasTty}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const effect = this.#table.effect(this.#path.candidates, asked, { ...access, isMasked: true });
    this.#known.set(key, effect);
    return effect;
  }
}

function firstOf(list: readonly Outcomes[], source: number, access: Access): Effect {
  let alert: Effect['auditing'];
  for (const each of list) {
    const { deciding, auditing } = each.of(source, access);
    if (deciding !== undefined && deciding.outcome !== 'pass') {
      return { deciding: { outcome: 'block', rank: 0, order: deciding.order } };
    }
    alert ??= auditing && { rank: 0, order: auditing.order };
  }
  return alert === undefined ? {} : { auditing: alert };
}

function* directoriesAbove(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    yield path.slice(0, slash + 1);
}
