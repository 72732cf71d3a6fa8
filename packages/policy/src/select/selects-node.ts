import { Matcher } from '../pattern/matcher.js';
import { parseRegularExpression } from '../pattern/parse-regular-expression.js';
import { anything, star } from '../pattern/syntax.js';

type Labels = Readonly<Record<string, string>>;

/** Whether a host policy's labels select a node. No labels select none. */
export function selectsNode(wanted: Labels, labels: Labels): boolean {
  const pairs = Object.entries(wanted);
  return pairs.length > 0 && pairs.every(([key, value]) => hasLabel(key, value, labels));
}

function hasLabel(key: string, value: string, labels: Labels): boolean {
  switch (key) {
    case 'kubearmor.io/hostname':
    case 'kubernetes.io/hostname':
      return isListed(value, labels[key]);
    case 'kubearmor.io/hostnamereg':
    case 'kubernetes.io/hostnamereg':
      return beginsAs(value, labels[key.slice(0, -'reg'.length)]);
    default:
      return labels[key] === value;
  }
}

function isListed(list: string, hostname: string | undefined): boolean {
  const names = list.split(',').map((name) => name.trim());
  return names.includes('*') || (hostname !== undefined && names.includes(hostname));
}

/** KubeArmor looks for the expression without anchoring its end; `*` is any run of characters. */
function beginsAs(expression: string, hostname: string | undefined): boolean {
  const syntax = parseRegularExpression(expression.replaceAll('*', '.*'));
  if (syntax === undefined || hostname === undefined) return false;
  return new Matcher({ kind: 'sequence', parts: [syntax, star(anything)] }).matches(hostname);
}
