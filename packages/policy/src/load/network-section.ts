import type { RuleObject } from '../language/rule.js';
import type { Protocol } from '../vocabulary/protocols.js';
import { protocols } from '../vocabulary/protocols.js';
import { readCommaList } from './comma-list.js';
import type { EntryShape } from './entry.js';
import type { Fields } from './fields.js';

/** The lists of `network`; a namespace adds its own search domain to those that names are looked up with. */
export function networkLists(namespace: string): Readonly<Record<string, EntryShape>> {
  return {
    matchProtocols: { kind: 'network', fields: ['protocol', 'pts', 'fromSource'], objects: readProtocols },
    matchDNSQueries: {
      kind: 'dns',
      fields: ['domain', 'pts', 'fromSource'],
      objects: (fields) => readDomains(fields, namespace),
    },
  };
}

const protocolByName = new Map<string, Protocol>(protocols.map((name) => [name, name]));

function readProtocols(fields: Fields): readonly RuleObject[] {
  const expected = `one of ${protocols.join(', ')}`;
  const list = fields.required('protocol', expected, (place) =>
    readCommaList(place, (word) => protocolByName.get(word.toLowerCase()), expected),
  );
  return (list ?? []).map((protocol) => ({ match: 'protocol', protocol }));
}

function readDomains(fields: Fields, namespace: string): readonly RuleObject[] {
  const list = fields.required('domain', 'a domain name', (place) =>
    readCommaList(place, canonicalDomain, 'a domain name'),
  );
  return (list ?? []).map((domain) => ({ match: 'domain', domain, names: searched(domain, namespace) }));
}

const maxNameLength = 253;

function canonicalDomain(text: string): string | undefined {
  const domain = text.toLowerCase().replace(/^\.+|\.+$/g, '');
  return domain !== '' && domain.length <= maxNameLength && !/[\s/]/.test(domain) ? domain : undefined;
}

/** The names under which a resolver may ask for a domain: KubeArmor's list. */
function searched(domain: string, namespace: string): readonly string[] {
  const suffixes = ['cluster.local', 'svc.cluster.local', 'domain.name'];
  if (namespace !== '') suffixes.push(`${namespace}.svc.cluster.local`);
  return [domain, ...suffixes.map((suffix) => `${domain}.${suffix}`)];
}
