import type { Action } from '../language/rule.js';
import type { Place } from './place.js';
import { accept } from './place.js';

/** Any text. */
export function readText(place: Place): string | undefined {
  const value = scalar(place);
  return accept(place, typeof value === 'string' ? value : undefined, 'WRONG_TYPE', 'a string');
}

/** Text that is not empty. */
export function readName(place: Place): string | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  return accept(place, text === '' ? undefined : text, 'INVALID_VALUE', 'a string that is not empty');
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
  return accept<boolean>(place, undefined, 'WRONG_TYPE', 'true or false');
}

/** A whole number of the given range. */
export function readInteger(minimum: number, maximum: number): (place: Place) => number | undefined {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  return (place) => {
    const value = scalar(place);
    const isNumber = typeof value === 'number';
    if (!isNumber) return accept<number>(place, undefined, 'WRONG_TYPE', expected);
    const isInRange = Number.isInteger(value) && value >= minimum && value <= maximum;
    return accept(place, isInRange ? value : undefined, 'INVALID_VALUE', expected);
  };
}

/** A list of texts. */
export function readTexts(place: Place): readonly string[] | undefined {
  const { node, report } = place;
  if (node.kind !== 'list') return accept<string[]>(place, undefined, 'WRONG_TYPE', 'a list of strings');
  const texts = node.items.map((item, index) =>
    readText({ node: item, path: `${place.path}[${index}]`, report }),
  );
  return texts.filter((text) => text !== undefined);
}

/** A list of at most `maximum` texts. */
export function readFewTexts(maximum: number): (place: Place) => readonly string[] | undefined {
  return (place) => {
    const texts = readTexts(place);
    if (texts === undefined) return undefined;
    return accept(
      place,
      texts.length > maximum ? undefined : texts,
      'INVALID_VALUE',
      `at most ${maximum} strings`,
    );
  };
}

type Labels = Readonly<Record<string, string>>;

/** A map of texts, such as labels. */
export function readTextMap(place: Place): Labels | undefined {
  const { node, path, report } = place;
  if (node.kind !== 'map') return accept<Labels>(place, undefined, 'WRONG_TYPE', 'a map of strings');
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
  return accept(place, actions.get(text.toLowerCase()), 'INVALID_VALUE', 'Allow, Audit or Block');
}

function scalar({ node }: Place): unknown {
  return node.kind === 'scalar' ? node.value : undefined;
}
