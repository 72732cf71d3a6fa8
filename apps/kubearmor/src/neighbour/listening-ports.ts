import { readFileSync } from 'node:fs';

const LISTEN = '0A';
const FILES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/** The TCP ports on which somebody listens in this network namespace. */
export function listeningPorts(): ReadonlySet<number> {
  return new Set(FILES.flatMap((file) => portsOf(readOr(file))));
}

function portsOf(table: string): readonly number[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === LISTEN)
    .map(([, local = '']) => Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16));
}

// Without IPv6 there is no second table.
function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
