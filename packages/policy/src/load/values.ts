import type { Action } from '../language/rule.js';
import type { Place } from './place.js';
import { reject } from './place.js';

/** Any text. */
export function readText(place: Place): string | undefined {
  const value = scalar(place);
  return typeof value === 'string' ? value : reject(place, 'WRONG_TYPE', 'a string');
}

/** Text that is not empty. */
export function readName(place: Place): string | undefined {
  const text = readText(place);
  return text === '' ? reject(place, 'INVALID_VALUE', 'a string that is not empty') : text;
}

const yes = new Set(['y', 'yes', 'on']);
const no = new Set(['n', 'no', 'off']);

/** A boolean; unquoted `yes`, `on`, `no` and `off` are booleans to KubeArmor's YAML 1.1. */
export function readBoolean(place: Place): boolean | undefined {
  const value = scalar(place);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && place.node.kind === 'scalar' && place.node.isPlain) {
    if (yes.has(value.toLowerCase())) return true;
    if (no.has(value.toLowerCase())) return false;
  }
  return reject(place, 'WRONG_TYPE', 'true or false');
}

/** A whole number of the given range. */
export function readInteger(minimum: number, maximum: number): (place: Place) => number | undefined {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  return (place) => {
    const value = scalar(place);
    if (typeof value !== 'number') return reject(place, 'WRONG_TYPE', expected);
    const isInRange = Number.isInteger(value) && value >= minimum && value <= maximum;
    return isInRange ? value : reject(place, 'INVALID_VALUE', expected);
  };
}

/** A list of texts. */
export function readTexts(place: Place): readonly string[] | undefined {
  const { node, report } = place;
  if (node.kind !== 'list') return reject(place, 'WRONG_TYPE', 'a list of strings');
  const texts = node.items.map((item, index) =>
    readText({ node: item, path: `${place.path}[${index}]`, report }),
  );
  return texts.filter((text) => text !== undefined);
}

/** A map of texts, such as labels. */
export function readTextMap(place: Place): Readonly<Record<string, string>> | undefined {
  const { node, path, report } = place;
  if (node.kind !== 'map') return reject(place, 'WRONG_TYPE', 'a map of strings');
  const pairs = node.entries.map(({ key, value }): [string, string] => [
    key,
    readText({ node: value, path: `${path}[${JSON.stringify(key)}]`, report }) ?? '',
  ]);
  return Object.fromEntries(pairs);
}

const actions = new Map<string, Action>([
  ['allow', 'Allow'],
  ['audit', 'Audit'],
  ['block', 'Block'],
]);

/** An action in any case; an empty one is not set. */
export function readAction(place: Place): Action | undefined {
  const text = readText(place);
  if (text === undefined || text === '') return undefined;
  return actions.get(text.toLowerCase()) ?? reject(place, 'INVALID_VALUE', 'Allow, Audit or Block');
}

function scalar({ node }: Place): unknown {
  return node.kind === 'scalar' ? node.value : undefined;
}
