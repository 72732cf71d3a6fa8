import type { RuleKind, RuleObject } from '../language/rule.js';
import type { Inherited } from './attributes.js';
import { attributeFields, inherit, readAttributes } from './attributes.js';
import type { RuleDraft } from './draft.js';
import { Fields } from './fields.js';
import type { Place } from './place.js';
import { readSources } from './sources.js';
import { readBoolean, readFewTexts } from './values.js';

/** As KubeArmor's schema has it. */
const maxAllowedArgs = 20;

/** How one kind of entry (of `matchPaths`, `matchProtocols`, …) is read. */
export interface EntryShape {
  readonly kind: RuleKind;
  /** Its fields besides those that every entry has. */
  readonly fields: readonly string[];
  /** What the entry is about: several objects for a comma list, none where something was reported. */
  readonly objects: (fields: Fields) => readonly RuleObject[];
}

/** Reads the entries of one list of a section. */
export function readEntries(
  section: Fields,
  name: string,
  shape: EntryShape,
  above: Inherited,
): readonly RuleDraft[] {
  return section.list(name, 'rules', (place) => readEntry(place, shape, above)).flat();
}

function readEntry(place: Place, shape: EntryShape, above: Inherited): readonly RuleDraft[] | undefined {
  const fields = Fields.open(place, [...shape.fields, ...attributeFields]);
  if (fields === undefined) return undefined;
  const allowedArgs = fields.optional('allowedArgs', readFewTexts(maxAllowedArgs));
  const draft = {
    kind: shape.kind,
    location: place.path.replace(/^spec\./, ''),
    fromSource: readSources(fields),
    ownerOnly: fields.optional('ownerOnly', readBoolean) ?? false,
    readOnly: fields.optional('readOnly', readBoolean) ?? false,
    pts: fields.optional('pts', readBoolean) === false ? (false as const) : undefined,
    allowedArgs: allowedArgs?.length === 0 ? undefined : allowedArgs,
    ...inherit(readAttributes(fields), above),
  };
  return shape.objects(fields).map((object) => ({ ...draft, object }));
}
