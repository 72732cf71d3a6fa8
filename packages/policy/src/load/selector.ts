import type { MatchExpression, PolicyKind, Selector } from '../language/policy.js';
import { containerNameLabel } from '../select/container-name.js';
import { isContainerName } from '../select/container-name.js';
import { Fields } from './fields.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readText, readTextMap, readTexts } from './values.js';

/** Reads `selector` or `nodeSelector`, as the policy's kind has it. */
export function readSelector(spec: Fields, kind: PolicyKind): Selector {
  switch (kind) {
    case 'KubeArmorHostPolicy':
      return (
        spec.required('nodeSelector', 'the nodes to protect', (place) => readParts(place, ['matchLabels'])) ??
        everything
      );
    case 'KubeArmorClusterPolicy':
      return (
        spec.optional('selector', (place) =>
          readParts(place, ['matchExpressions'], ['namespace', 'label']),
        ) ?? everything
      );
    case 'KubeArmorPolicy':
      return (
        spec.optional('selector', (place) =>
          readParts(place, ['matchLabels', 'matchExpressions'], ['label']),
        ) ?? everything
      );
  }
}

type Key = MatchExpression['key'];

const everything: Selector = { matchLabels: {}, matchExpressions: [] };

function readParts(place: Place, known: readonly string[], keys: readonly Key[] = []): Selector | undefined {
  const fields = Fields.open(place, known);
  if (fields === undefined) return undefined;
  return {
    matchLabels: fields.optional('matchLabels', readLabels) ?? {},
    matchExpressions: fields.list('matchExpressions', 'expressions', (at) => readExpression(at, keys)),
  };
}

function readLabels(place: Place): Readonly<Record<string, string>> | undefined {
  const labels = readTextMap(place);
  const name = labels?.[containerNameLabel];
  if (name === undefined || isContainerName(name)) return labels;
  const { node, path, report } = place;
  const at = `${path}[${JSON.stringify(containerNameLabel)}]`;
  const expected = 'names in brackets, or a regular expression';
  report({ code: 'INVALID_VALUE', path: at, position: node.position, expected, got: JSON.stringify(name) });
  return undefined;
}

function readExpression(place: Place, keys: readonly Key[]): MatchExpression | undefined {
  const fields = Fields.open(place, ['key', 'operator', 'values']);
  if (fields === undefined) return undefined;
  const key = fields.required('key', keys.join(' or '), (at) => readOneOf(at, keys));
  const operator = fields.required('operator', 'In or NotIn', (at) =>
    readOneOf(at, ['In', 'NotIn'] as const),
  );
  const values = fields.optional('values', readTexts) ?? [];
  return key === undefined || operator === undefined ? undefined : { key, operator, values };
}

function readOneOf<T extends string>(place: Place, words: readonly T[]): T | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  return accept(
    place,
    words.find((word) => word === text),
    'INVALID_VALUE',
    words.join(' or '),
  );
}
