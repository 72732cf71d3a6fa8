import { existsSync, readFileSync } from 'node:fs';

/** Of a log, what a failed test shows. */
const TAIL_CHARACTERS = 20_000;

const files = new Map<string, readonly string[]>();
const kept: string[] = [];

/** Makes files known as the logs of an agent. */
export function knowLogs(name: string, paths: readonly string[]): void {
  files.set(name, paths);
}

/** Keeps the ends of an agent's logs, before they are removed. */
export function keepLogs(name: string): void {
  for (const path of files.get(name) ?? []) kept.push(tailOf(path));
  files.delete(name);
}

/** The ends of all logs since the last call, removed or not. */
export function takeLogs(): string {
  const live = [...files.values()].flat().map(tailOf);
  return [...kept.splice(0), ...live].join('');
}

function tailOf(path: string): string {
  if (!existsSync(path)) return '';
  return `--- ${path}\n${readFileSync(path, 'utf8').slice(-TAIL_CHARACTERS)}`;
}
