import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { places } from '../places.ts';

/** An agent that a run of the tests has started, with all that it keeps outside its processes. */
export interface LedgerEntry {
  readonly name: string;
  /** The test process that started it. */
  readonly owner: number;
  readonly pid: number;
  /** Holds policies, state, sockets and logs. */
  readonly directory: string;
  readonly pins: string;
}

const schema = z.object({
  name: z.string(),
  owner: z.number(),
  pid: z.number(),
  directory: z.string(),
  pins: z.string(),
});

/** Writes down an agent, so that it is found if the test process ends before it is released. */
export function enter(entry: LedgerEntry): void {
  mkdirSync(places.ledger, { recursive: true });
  writeFileSync(fileOf(entry.name), JSON.stringify(entry));
}

/** Strikes out an agent that has been released. */
export function strike(name: string): void {
  rmSync(fileOf(name), { force: true });
}

/** Agents that have not been released and whose test process is gone. */
export function abandoned(): readonly LedgerEntry[] {
  return entries().filter(({ owner }) => !existsSync(`/proc/${owner}`));
}

/** All agents that have not been released. */
export function entries(): readonly LedgerEntry[] {
  if (!existsSync(places.ledger)) return [];
  return readdirSync(places.ledger).map((file) => {
    return schema.parse(JSON.parse(readFileSync(join(places.ledger, file), 'utf8')));
  });
}

function fileOf(name: string): string {
  return join(places.ledger, `${name}.json`);
}
