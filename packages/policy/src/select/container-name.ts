import { parseRegularExpression } from '../pattern/parse-regular-expression.js';
import { Matcher } from '../pattern/matcher.js';

/** The label of a selector that narrows a policy to containers. */
export const containerNameLabel = 'kubearmor.io/container.name';

/** Whether a value of that label means something: names in brackets, or a regular expression. */
export function isContainerName(value: string): boolean {
  return parseList(value) !== undefined || parseRegularExpression(value) !== undefined;
}

/** Whether a container is among those that the label's value names on Kubernetes: `[web,db]`, or all if empty. */
export function listsContainer(value: string, container: string): boolean {
  const names = parseList(value) ?? value.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  return given.length === 0 || given.includes(container);
}

/** Whether a container's name is matched as a whole by the label's value, a regular expression outside Kubernetes. */
export function matchesContainer(value: string, container: string): boolean {
  const syntax = parseRegularExpression(value);
  return syntax !== undefined && new Matcher(syntax).matches(container);
}

function parseList(value: string): readonly string[] | undefined {
  const inside = /^\s*\[([^[\]]*)\]\s*$/.exec(value)?.[1];
  return inside?.split(',').map((name) => name.trim());
}
