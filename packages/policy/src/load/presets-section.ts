import { presets } from '../vocabulary/presets.js';
import type { Preset } from '../vocabulary/presets.js';
import type { Inherited } from './attributes.js';
import type { RuleDraft } from './draft.js';
import { Fields } from './fields.js';
import { nearest } from './nearest.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readAction, readText } from './values.js';

/** Reads one entry of `presets`. It inherits all but the action: what is not Audit blocks. */
export function readPreset(place: Place, above: Inherited): RuleDraft | undefined {
  const fields = Fields.open(place, ['name', 'action']);
  if (fields === undefined) return undefined;
  const preset = fields.required('name', `one of ${presets.join(', ')}`, readPresetName);
  const action = fields.optional('action', readAction);
  if (preset === undefined) return undefined;
  return {
    kind: 'preset',
    location: place.path.replace(/^spec\./, ''),
    object: { match: 'preset', preset },
    fromSource: [],
    ownerOnly: false,
    readOnly: false,
    pts: undefined,
    allowedArgs: undefined,
    ...above,
    action: action === 'Audit' ? 'Audit' : 'Block',
  };
}

const presetByName = new Map<string, Preset>(presets.map((name) => [name.toLowerCase(), name]));

function readPresetName(place: Place): Preset | undefined {
  const name = readText(place);
  if (name === undefined) return undefined;
  const expected = `one of ${presets.join(', ')} (did you mean ${nearest(name, presets)}?)`;
  return accept(place, presetByName.get(name.toLowerCase()), 'INVALID_VALUE', expected);
}
