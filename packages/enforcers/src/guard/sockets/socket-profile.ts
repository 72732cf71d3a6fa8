import { decide, type BoundRuleSet, type Decision, type Subject } from '@kubearmor/policy';
import { CELL, CELLS } from '../layout.js';
import { cellIndex, FAMILY_SLOTS, PROTOCOL_SLOTS, TYPE_SLOTS } from './socket-slots.js';

/** The decisions that raised an alert, so that a cell can name one by its place. */
export class DecisionTable {
  readonly #decisions: Decision[] = [];
  readonly #places = new Map<string, number>();

  /** The place of a decision, the same for equal ones. */
  placeOf(decision: Decision): number {
    const key = `${decision.verdict} ${decision.alert?.rule ?? ''}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#decisions.length;
    this.#decisions.push(decision);
    this.#places.set(key, place);
    return place;
  }

  /** The decision at a place. */
  at(place: number): Decision | undefined {
    return this.#decisions[place];
  }
}

/** What a workload's sockets are judged by. */
export interface SocketRules {
  readonly bound: BoundRuleSet;
  /** Takes the decisions that raise alerts. */
  readonly table: DecisionTable;
  /** Whether nothing is refused. */
  readonly isAudited: boolean;
}

/**
 * Everything the rules say of IP sockets for one executable, worked out beforehand: the kernel looks a cell up,
 * and so cannot disagree with `decide`.
 */
export function socketProfile(rules: SocketRules, exe: string): Uint8Array {
  const cells = new Uint32Array(CELLS.total);
  for (let tty = 0; tty < CELLS.ttys; tty++) {
    const subject = { exe, fsUid: 0, hasTty: tty === 1 };
    FAMILY_SLOTS.forEach((family, familySlot) => {
      TYPE_SLOTS.forEach((type, typeSlot) => {
        if (type === undefined) return;
        PROTOCOL_SLOTS.forEach((protocol, protocolSlot) => {
          if (protocol === undefined) return;
          const index = cellIndex(tty, familySlot, typeSlot, protocolSlot);
          cells[index] = cellOf(rules, subject, { family, type, protocol });
        });
      });
    });
  }
  return new Uint8Array(cells.buffer);
}

interface Socket {
  readonly family: (typeof FAMILY_SLOTS)[number];
  readonly type: Exclude<(typeof TYPE_SLOTS)[number], undefined>;
  readonly protocol: number;
}

function cellOf({ bound, table, isAudited }: SocketRules, subject: Subject, socket: Socket): number {
  const decision = decide(bound, { kind: 'network', subject, ...socket });
  const deny = decision.verdict === 'deny' && !isAudited ? CELL.deny : 0;
  if (decision.alert === undefined) return deny >>> 0;
  return (deny | CELL.alert | table.placeOf(decision)) >>> 0;
}
