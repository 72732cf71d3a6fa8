import type { BpfMap } from '@kubearmor/kernel';
import type { BoundRuleSet } from '@kubearmor/policy';
import type { ExecutableIds } from './executable-ids.js';
import { encodeProfileKey, SIZES } from './layout.js';
import { socketProfile, type DecisionTable } from './socket-profile.js';

/** The socket profiles of rule sets in the kernel's map: one for every executable, one more for each that a rule names as a source. */
export class Profiles {
  readonly #map: BpfMap;
  readonly #ids: ExecutableIds;
  readonly #exes = new Map<number, Set<bigint>>();

  constructor(map: BpfMap, ids: ExecutableIds) {
    this.#map = map;
    this.#ids = ids;
  }

  /** The number for the next rule set: above all that are in the map, whoever put them there. */
  highestRuleSetId(): number {
    let highest = 0;
    for (const key of this.#map.keys()) {
      highest = Math.max(highest, new DataView(key.buffer, key.byteOffset).getUint32(0, true));
    }
    return highest;
  }

  /** Writes the profiles of a rule set for the executables that run already. */
  create(ruleSetId: number, bound: BoundRuleSet, table: DecisionTable, running: Iterable<bigint>): void {
    this.#exes.set(ruleSetId, new Set());
    this.#write(ruleSetId, 0n, socketProfile(bound, '', table));
    for (const exe of running) this.add(ruleSetId, bound, table, exe);
  }

  /** Writes the profile of one more executable, before it runs. */
  add(ruleSetId: number, bound: BoundRuleSet, table: DecisionTable, exe: bigint): void {
    const exes = this.#exes.get(ruleSetId);
    const path = this.#ids.pathOf(exe);
    if (exes === undefined || path === undefined || exes.has(exe)) return;
    if (!hasNetworkSource(bound)) return;
    this.#write(ruleSetId, exe, socketProfile(bound, path, table));
  }

  /** Removes a rule set's profiles once no workload uses it. */
  remove(ruleSetId: number): void {
    for (const exe of this.#exes.get(ruleSetId) ?? []) this.#map.delete(encodeProfileKey(ruleSetId, exe));
    this.#exes.delete(ruleSetId);
  }

  /** Removes what an answerer before this one left. */
  removeForeign(): void {
    for (const key of [...this.#map.keys()]) {
      const view = new DataView(key.buffer, key.byteOffset, SIZES.guard_profile_key);
      if (!this.#exes.has(view.getUint32(0, true))) this.#map.delete(key);
    }
  }

  #write(ruleSetId: number, exe: bigint, profile: Uint8Array): void {
    this.#map.update(encodeProfileKey(ruleSetId, exe), profile);
    this.#exes.get(ruleSetId)?.add(exe);
  }
}

function hasNetworkSource(bound: BoundRuleSet): boolean {
  return bound.ruleSet.rules.some((rule) => rule.kind === 'network' && rule.fromSource.length > 0);
}
