import type { ExecEvent, PodOwner } from './alert.js';

/** A field that a rendering shows. */
export type PresentField = readonly [name: string, value: FieldValue];

/** The value of a field of an alert. */
export type FieldValue = string | number | readonly string[] | Readonly<Record<string, string>>;

const ALWAYS_PRESENT: ReadonlySet<string> = new Set(['PPID', 'UID']);

/** Those of the named fields that are not empty, and PPID and UID, in that order. */
export function selectPresent<Name extends string>(
  values: Readonly<Partial<Record<Name, FieldValue | undefined>>>,
  names: readonly Name[],
): PresentField[] {
  const present: PresentField[] = [];
  for (const name of names) {
    const value = values[name];
    if (value !== undefined && (ALWAYS_PRESENT.has(name) || !isEmpty(value))) present.push([name, value]);
  }
  return present;
}

/** An owner without its empty fields, in the protobuf's order. */
export function presentOwner(owner: PodOwner = {}): Record<string, string> {
  return nonEmpty([
    ['Ref', owner.Ref],
    ['Name', owner.Name],
    ['Namespace', owner.Namespace],
  ]);
}

/** An exec's event, likewise. */
export function presentExecEvent(event: ExecEvent = {}): Record<string, string> {
  return nonEmpty([
    ['ExecID', event.ExecID],
    ['ExecutableName', event.ExecutableName],
  ]);
}

function nonEmpty(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  const present: Record<string, string> = {};
  for (const [name, value] of entries) if (value) present[name] = value;
  return present;
}

/** A map in the order in which Go writes it. */
export function sortedMap(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is not empty: JSON leaves out what is undefined. */
export function present<T extends { readonly length: number }>(value: T | undefined): T | undefined {
  return value?.length === 0 ? undefined : value;
}

function isEmpty(value: FieldValue): boolean {
  return typeof value === 'object' ? Object.keys(value).length === 0 : value === '' || value === 0;
}
