import type { PolicyKind, Selector } from '../language/policy.js';
import type { Inherited } from './attributes.js';
import { attributeFields, defaults, inherit, readAttributes } from './attributes.js';
import { capabilityLists } from './capabilities-section.js';
import { deviceLists } from './device-section.js';
import type { RuleDraft } from './draft.js';
import type { EntryShape } from './entry.js';
import { readEntries } from './entry.js';
import { Fields } from './fields.js';
import { fileLists, processLists } from './file-sections.js';
import { networkLists } from './network-section.js';
import type { Place } from './place.js';
import { readPreset } from './presets-section.js';
import { readSelector } from './selector.js';
import { readSyscallsSection } from './syscalls-section.js';
import { readText } from './values.js';

/** What a `spec` says. */
export interface Spec {
  readonly selector: Selector;
  readonly rules: readonly RuleDraft[];
  readonly apparmor: string | undefined;
}

/** Sections that every kind has; a section that only some have is listed with them below. */
const sections = ['process', 'file', 'network', 'capabilities', 'syscalls', 'apparmor', ...attributeFields];

const fieldsOf: Readonly<Record<PolicyKind, readonly string[]>> = {
  KubeArmorPolicy: ['selector', 'presets', ...sections],
  KubeArmorClusterPolicy: ['selector', 'presets', ...sections],
  KubeArmorHostPolicy: ['nodeSelector', 'device', ...sections],
};

/** Reads a `spec`. */
export function readSpec(place: Place, kind: PolicyKind, namespace: string): Spec | undefined {
  const spec = Fields.open(place, fieldsOf[kind]);
  if (spec === undefined) return undefined;
  const above = inherit(readAttributes(spec), defaults);
  const section = (name: string, lists: Readonly<Record<string, EntryShape>>): readonly RuleDraft[] =>
    spec.optional(name, (at) => readSection(at, lists, above)) ?? [];
  return {
    selector: readSelector(spec, kind),
    rules: [
      ...section('process', processLists),
      ...section('file', fileLists),
      ...section('network', networkLists(namespace)),
      ...section('capabilities', capabilityLists),
      ...section('device', deviceLists),
      ...(spec.optional('syscalls', (at) => readSyscallsSection(at, above)) ?? []),
      ...spec.list('presets', 'presets', (at) => readPreset(at, above)),
    ],
    apparmor: spec.optional('apparmor', readText),
  };
}

function readSection(
  place: Place,
  lists: Readonly<Record<string, EntryShape>>,
  above: Inherited,
): readonly RuleDraft[] | undefined {
  const section = Fields.open(place, [...Object.keys(lists), ...attributeFields]);
  if (section === undefined) return undefined;
  const inherited = inherit(readAttributes(section), above);
  return Object.entries(lists).flatMap(([name, shape]) => readEntries(section, name, shape, inherited));
}
