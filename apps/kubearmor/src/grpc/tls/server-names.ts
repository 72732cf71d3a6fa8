import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';

const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/** The names and addresses under which a server is reached that listens on this one. */
export function serverNames(host: string): readonly string[] {
  const own = ['localhost', hostname(), '127.0.0.1', '::1'];
  const addresses = Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).map(({ address }) => address),
  );
  const listening = WILDCARDS.includes(host) ? addresses : [host];
  // Link-local addresses carry the name of an interface, which no certificate can hold.
  const names = [...own, ...listening].filter((name) => isIP(name) !== 0 || /^[A-Za-z0-9.-]+$/.test(name));
  return [...new Set(names)];
}
