import {
  capabilities,
  decide,
  type BoundRule,
  type BoundRuleSet,
  type Decision,
  type NetworkOperation,
  type Subject,
} from '@kubearmor/policy';
import { CELLS, RULE } from '../layout.js';
import { RowWriter } from './image-writer.js';
import type { SourceClasses } from './source-classes.js';

/** By slot, as bpf/lib/match/fixed.h numbers them; slot 0 of the types is none. */
const FAMILIES = ['inet', 'inet6', 'unix', 'netlink', 'packet', 'other'] as const;
const TYPES = [undefined, 'stream', 'dgram', 'raw', 'rdm', 'seqpacket', 'dccp', 'packet'] as const;
const PROTOCOLS = [0, 1, 6, 17, 58, 132, 255, 255] as const;

/** What rules about sockets and capabilities come to, for everything that they can tell apart: `decide` is asked beforehand. */
export function fixedImage(bound: BoundRuleSet, classes: SourceClasses): Uint8Array | undefined {
  if (bound.network.length === 0 && bound.capabilities.length === 0) return undefined;
  const orders = new Map<Decision, number>(bound.rules.map(({ decision, order }) => [decision, order]));
  const cellOf = (decision: Decision): number => {
    const rule = decision.alert === undefined ? RULE.none : (orders.get(decision) ?? RULE.posture);
    return (decision.verdict === 'deny' ? CELLS.deny | rule : rule) >>> 0;
  };
  const sockets = cellSets(bound.network, classes, (subject) => socketCells(bound, subject, cellOf));
  const used = cellSets(bound.capabilities, classes, (subject) => capabilityCells(bound, subject, cellOf));
  const rows = new RowWriter();
  // The first row says where the others are.
  const places = [classes.count];
  let next = 1;
  for (const { sets, cells } of [sockets, used]) {
    if (cells.length === 0) places.push(0, 0);
    else places.push(next, next + rowsFor(sets.length));
    next += cells.length === 0 ? 0 : rowsFor(sets.length) + rowsFor(cells.length);
  }
  rows.numbers(places);
  for (const { sets, cells } of [sockets, used]) {
    if (cells.length === 0) continue;
    rows.numbers(sets);
    rows.numbers(cells);
  }
  return rows.bytes();
}

interface CellSets {
  /** For each class, which set of cells it has. */
  readonly sets: readonly number[];
  /** All sets, one after another. */
  readonly cells: readonly number[];
}

/** Works cells out once for all classes that are the same to the rules. */
function cellSets(
  rules: readonly BoundRule[],
  classes: SourceClasses,
  cellsFor: (subject: Omit<Subject, 'hasTty'>) => readonly number[],
): CellSets {
  if (rules.length === 0) return { sets: [], cells: [] };
  const known = new Map<string, number>();
  const cells: number[] = [];
  const concerned = new Set(classes.ofRules(rules));
  const sets = Array.from({ length: classes.count }, (_, source) => {
    const subject = { exe: classes.representative(source), fsUid: 0 };
    const signature = concerned.has(source)
      ? rules
          .map(({ sources }) => (sources?.has({ ...subject, hasTty: false }, false) === true ? '1' : '0'))
          .join('')
      : '';
    const place = known.get(signature) ?? known.size;
    if (!known.has(signature)) {
      known.set(signature, place);
      cells.push(...cellsFor(subject));
    }
    return place;
  });
  return { sets, cells };
}

type CellOf = (decision: Decision) => number;

function socketCells(
  bound: BoundRuleSet,
  subject: Omit<Subject, 'hasTty'>,
  cellOf: CellOf,
): readonly number[] {
  const judge = (hasTty: boolean, socket: Pick<NetworkOperation, 'family' | 'type' | 'protocol'>): number =>
    cellOf(decide(bound, { kind: 'network', subject: { ...subject, hasTty }, ...socket }));
  return [false, true].flatMap((hasTty) =>
    FAMILIES.flatMap((family) =>
      TYPES.flatMap((type) =>
        PROTOCOLS.map((protocol) =>
          type === undefined ? RULE.none : judge(hasTty, { family, type, protocol }),
        ),
      ),
    ),
  );
}

function capabilityCells(
  bound: BoundRuleSet,
  subject: Omit<Subject, 'hasTty'>,
  cellOf: CellOf,
): readonly number[] {
  return [false, true].flatMap((hasTty) =>
    Array.from({ length: CELLS.capabilities }, (_, number) => {
      const capability = capabilities[number];
      if (capability === undefined) return RULE.none;
      return cellOf(decide(bound, { kind: 'capabilities', subject: { ...subject, hasTty }, capability }));
    }),
  );
}

function rowsFor(numbers: number): number {
  return Math.max(1, Math.ceil(numbers / 16));
}
