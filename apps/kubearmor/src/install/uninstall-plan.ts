import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import { installPlaces } from './install-places.js';
import { UNIT_MARK } from './unit-file.js';

/** What is removed. */
export interface UninstallOptions {
  readonly prefix: string;
  readonly root: string;
  /** Whether configuration, policies and state go, too. */
  readonly isPurged: boolean;
}

const noteSchema = z.object({ version: z.string(), completions: z.array(z.string()) });

/** The paths that an installation has made and that are to be removed, last its directory. Throws NOT_INSTALLED. */
export function uninstallPlan({ prefix, root, isPurged }: UninstallOptions): readonly string[] {
  const { note, unit, links, kept } = installPlaces(prefix);
  const at = (path: string): string => join(root, path);
  if (!existsSync(at(note))) {
    throw new AgentError('NOT_INSTALLED', `${at(prefix)}: expected an installation of kubearmor, found none`);
  }
  const { completions } = noteSchema.parse(JSON.parse(readFileSync(at(note), 'utf8')));
  return [
    ...links.filter(({ path, target }) => linkOf(at(path)) === target).map(({ path }) => at(path)),
    ...(isOurUnit(at(unit)) ? [at(unit)] : []),
    ...completions.map(at),
    ...(isPurged ? kept.map(at) : []),
    at(prefix),
  ].filter((path) => existsSync(path) || linkOf(path) !== undefined);
}

function isOurUnit(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').startsWith(UNIT_MARK);
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
