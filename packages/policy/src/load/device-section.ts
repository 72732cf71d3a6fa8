import type { RuleObject } from '../language/rule.js';
import { deviceClasses } from '../vocabulary/device-classes.js';
import type { EntryShape } from './entry.js';
import type { Fields } from './fields.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readInteger, readText } from './values.js';

/** The list of `device`, which host policies have. */
export const deviceLists: Readonly<Record<string, EntryShape>> = {
  matchDevice: { kind: 'device', fields: ['class', 'subClass', 'protocol', 'level'], objects: readDevice },
};

const maxCode = 255;

/** Deeper than any tree of hubs. */
const maxLevel = 2 ** 31 - 1;

const expected = `a USB class: a number from 1 to ${maxCode}, ALL, or one of ${[...deviceClasses.keys()].join(', ')}`;

function readDevice(fields: Fields): readonly RuleObject[] {
  const code = fields.required('class', expected, readClass);
  const subClass = fields.optional('subClass', readInteger(0, maxCode));
  const protocol = fields.optional('protocol', readInteger(0, maxCode));
  const level = fields.optional('level', readInteger(1, maxLevel));
  if (code === undefined) return [];
  const parts = {
    ...(code !== 'all' && { class: code }),
    ...(subClass !== undefined && { subClass }),
    ...(protocol !== undefined && { protocol }),
    ...(level !== undefined && { level }),
  };
  return [{ match: 'device', ...parts }];
}

function readClass(place: Place): number | 'all' | undefined {
  const text = readText(place)?.trim().toUpperCase();
  if (text === undefined) return undefined;
  if (text === 'ALL') return 'all';
  const code = /^(?:\d+|0X[\dA-F]+)$/.test(text) ? Number(text) : deviceClasses.get(text);
  const isInRange = code !== undefined && code > 0 && code <= maxCode;
  return accept(place, isInRange ? code : undefined, 'INVALID_VALUE', expected);
}
