import type { BpfMap } from '@kubearmor/kernel';
import type { BoundRuleSet } from '@kubearmor/policy';
import type { ExecutableIds } from '../labels/executable-ids.js';
import { encodeProfileKey } from '../layout.js';
import { socketProfile, type SocketRules } from './socket-profile.js';

/** A rule set with its number in the map. */
export interface ProfiledRules extends SocketRules {
  readonly ruleSetId: number;
}

/** The profiles of one rule set that are in the map. */
interface Written {
  /** What an executable gets that no rule names as a source. */
  readonly base: Uint8Array;
  readonly exes: Set<bigint>;
  /** Executables whose profile is the base. */
  readonly ordinary: Set<bigint>;
}

/** More executables than this are worked out again when they run again. */
const MAX_ORDINARY = 8192;

/** The socket profiles of rule sets in the kernel's map: one for every executable, one more for each that a rule treats differently as a source. */
export class Profiles {
  readonly #map: BpfMap;
  readonly #ids: ExecutableIds;
  readonly #written = new Map<number, Written>();

  constructor(map: BpfMap, ids: ExecutableIds) {
    this.#map = map;
    this.#ids = ids;
  }

  /** The highest number of a rule set in the map, whoever put it there. */
  highestRuleSetId(): number {
    let highest = 0;
    for (const key of this.#map.keys()) {
      highest = Math.max(highest, new DataView(key.buffer, key.byteOffset).getUint32(0, true));
    }
    return highest;
  }

  /** Writes the profiles of a rule set for the executables that run already. */
  create(rules: ProfiledRules, running: Iterable<bigint>): void {
    const { ruleSetId } = rules;
    const base = socketProfile(rules, '');
    this.#written.set(ruleSetId, { base, exes: new Set([0n]), ordinary: new Set() });
    this.#map.update(encodeProfileKey(ruleSetId, 0n), base);
    for (const exe of running) this.add(rules, exe);
  }

  /** Writes the profile of one more executable, before it runs. */
  add(rules: ProfiledRules, exe: bigint): void {
    const { ruleSetId, bound } = rules;
    const written = this.#written.get(ruleSetId);
    if (
      written === undefined ||
      written.exes.has(exe) ||
      written.ordinary.has(exe) ||
      !hasNetworkSource(bound)
    )
      return;
    const path = this.#ids.pathOf(exe);
    if (path === undefined) return;
    const profile = socketProfile(rules, path);
    if (Buffer.compare(profile, written.base) === 0) {
      if (written.ordinary.size >= MAX_ORDINARY) written.ordinary.clear();
      written.ordinary.add(exe);
      return;
    }
    this.#map.update(encodeProfileKey(ruleSetId, exe), profile);
    written.exes.add(exe);
  }

  /** Removes a rule set's profiles once no workload uses it. */
  remove(ruleSetId: number): void {
    for (const exe of this.#written.get(ruleSetId)?.exes ?? [])
      this.#map.delete(encodeProfileKey(ruleSetId, exe));
    this.#written.delete(ruleSetId);
  }

  /** Removes what an answerer before this one left, but for rule sets that are still in force. */
  removeForeign(inForce: ReadonlySet<number>): void {
    for (const key of [...this.#map.keys()]) {
      const ruleSetId = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
      if (!this.#written.has(ruleSetId) && !inForce.has(ruleSetId)) this.#map.delete(key);
    }
  }
}

function hasNetworkSource(bound: BoundRuleSet): boolean {
  return bound.ruleSet.rules.some((rule) => rule.kind === 'network' && rule.fromSource.length > 0);
}
