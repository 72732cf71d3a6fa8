import type { RuleObject } from '../language/rule.js';
import { canonicalCapability, capabilities } from '../vocabulary/capabilities.js';
import { readCommaList } from './comma-list.js';
import type { EntryShape } from './entry.js';
import type { Fields } from './fields.js';

/** The list of `capabilities`. */
export const capabilityLists: Readonly<Record<string, EntryShape>> = {
  matchCapabilities: {
    kind: 'capabilities',
    fields: ['capability', 'pts', 'fromSource'],
    objects: readCapabilities,
  },
};

const known = new Set(capabilities);

function readCapabilities(fields: Fields): readonly RuleObject[] {
  const expected = 'a Linux capability such as net_raw or CAP_NET_RAW';
  const list = fields.required('capability', expected, (place) => readCommaList(place, parse, expected));
  return (list ?? []).map((capability) => ({ match: 'capability', capability }));
}

function parse(word: string): string | undefined {
  const name = canonicalCapability(word);
  return known.has(name) ? name : undefined;
}
