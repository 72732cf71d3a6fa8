import type { BoundRule } from '@kubearmor/policy';
import { LIMITS } from '../layout.js';
import { tooLarge } from './image-error.js';

/** The different lists of allowed arguments of a rule set; each has a bit in the mask of what an exec's arguments satisfy. */
export class ArgumentLists {
  readonly #places = new Map<string, number>();
  readonly #lists: (readonly string[])[] = [];

  constructor(rules: readonly BoundRule[]) {
    for (const { allowedArgs, rule } of rules) {
      if (allowedArgs === undefined) continue;
      const list = [...allowedArgs].sort();
      const key = JSON.stringify(list);
      if (this.#places.has(key)) continue;
      this.#places.set(key, this.#lists.push(list) - 1);
      if (this.#lists.length > LIMITS.argumentLists) {
        throw tooLarge(`expected at most ${LIMITS.argumentLists} different lists of allowedArgs`, rule.id);
      }
    }
  }

  /** The lists by their places. */
  get lists(): readonly (readonly string[])[] {
    return this.#lists;
  }

  /** The place of a rule's list; undefined where it has none. */
  placeOf({ allowedArgs }: BoundRule): number | undefined {
    return allowedArgs === undefined ? undefined : this.#places.get(JSON.stringify([...allowedArgs].sort()));
  }
}
