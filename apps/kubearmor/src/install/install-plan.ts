import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../errors.js';
import { VERSION } from '../version.js';
import { defaultConfig } from './default-config.js';
import { installPlaces, type InstallPlaces } from './install-places.js';
import { programTree } from './program-tree.js';
import type { Step } from './step.js';
import { UNIT_MARK, unitFile } from './unit-file.js';

/** What is installed, and where. */
export interface InstallOptions {
  /** A built checkout, or an installation. */
  readonly source: string;
  readonly prefix: string;
  /** The directory that stands for the machine's root. */
  readonly root: string;
  /** Completions by the files that shells read them from. */
  readonly completions: ReadonlyMap<string, string>;
}

const PRIVATE = 0o700;
const OPEN = 0o755;
const READABLE = 0o644;

/** What an installation does, in order. Throws INSTALL_INCOMPLETE, and INSTALL_CONFLICT where something else stands. */
export function installPlan(options: InstallOptions): readonly Step[] {
  const { source, prefix, root, completions } = options;
  const places = installPlaces(prefix);
  refuseConflicts(places, root);
  const staged = `${prefix}.new`;
  const note = { version: VERSION, completions: [...completions.keys()] };
  const file = (path: string, content: string): Step => ({
    kind: 'file',
    path,
    content,
    mode: READABLE,
    isKept: false,
  });
  return [
    { kind: 'directory', path: staged, mode: OPEN },
    ...programTree(source, staged),
    file(places.note.replace(prefix, staged), `${JSON.stringify(note)}\n`),
    { kind: 'replace', path: prefix, by: staged },
    { kind: 'directory', path: places.policies, mode: PRIVATE },
    { kind: 'file', path: places.config, content: defaultConfig(), mode: 0o600, isKept: true },
    ...[...completions].map(([path, content]) => file(path, content)),
    file(places.unit, unitFile(prefix)),
    ...places.links.map(({ path, target }): Step => ({ kind: 'link', path, target })),
  ];
}

function refuseConflicts(places: InstallPlaces, root: string): void {
  const { prefix, note, unit, links } = places;
  const at = (path: string): string => join(root, path);
  if (existsSync(at(prefix)) && readdirSync(at(prefix)).length > 0 && !existsSync(at(note))) {
    throw conflict(at(prefix), 'an installation of ours or nothing');
  }
  if (existsSync(at(unit)) && !readFileSync(at(unit), 'utf8').startsWith(UNIT_MARK)) {
    throw conflict(at(unit), 'a unit of ours or none');
  }
  for (const { path } of links) {
    const stat = lstatSync(at(path), { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (!stat.isSymbolicLink() || !readlinkSync(at(path)).includes('/apps/'))
      throw conflict(at(path), 'a link of ours or nothing');
  }
}

function conflict(path: string, expected: string): AgentError {
  return new AgentError(
    'INSTALL_CONFLICT',
    `${path}: expected ${expected}, got something else; remove it first`,
  );
}
