import type { DomainObject } from '../language/rule.js';

/** A name as rules have it: lower case, without the dot at its end. */
export function canonicalName(domain: string): string {
  return domain.toLowerCase().replace(/\.+$/, '');
}

/** The length of the longest name of a rule that a canonical name equals or lies below; nothing if there is none. */
export function matchedLength({ names }: DomainObject, domain: string): number | undefined {
  const lengths = names
    .filter((name) => domain === name || domain.endsWith(`.${name}`))
    .map(({ length }) => length);
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}
