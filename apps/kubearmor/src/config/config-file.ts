import { existsSync, readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import type { Given, Layer } from './given.js';
import { nearestName } from './nearest-name.js';
import { settingNames } from './setting-names.js';
import { SETTINGS, type SettingName } from './settings.js';

/** What a file gives. */
export interface ConfigFile {
  readonly path: string;
  readonly content: string;
  readonly layer: Layer;
  /** What deserves a word but does not keep the file from being used. */
  readonly warnings: readonly string[];
}

/** Where the file is, without its being named: ours, then KubeArmor's own. */
export const CONFIG_PLACES: readonly string[] = [
  '/etc/kubearmor/kubearmor.yaml',
  '/opt/kubearmor/kubearmor.yaml',
];

/** The file to read: what was named, or the first place that has one; undefined where none has. */
export function findConfigFile(
  named: string | undefined,
  places: readonly string[] = CONFIG_PLACES,
): string | undefined {
  return named ?? places.find((place) => existsSync(place));
}

/** Reads a file. Throws CONFIG_UNREADABLE, and SETTING_INVALID for a value that is no scalar. */
export function readConfigFile(path: string): ConfigFile {
  const content = readText(path);
  const entries = Object.entries(parseMapping(path, content)).filter(([, value]) => value !== null);
  const known: [SettingName, Given][] = [];
  const warnings = looseMode(path);
  for (const [key, value] of entries) {
    const name = settingNames().find((each) => each.toLowerCase() === key.toLowerCase());
    const where = `file ${path}: ${key}`;
    if (name === undefined) warnings.push(unknownKey(key, where));
    else known.push([name, { text: textOf(value, name, where), where }]);
  }
  return { path, content, layer: new Map(known), warnings };
}

const mapping = z.record(z.string(), z.unknown());
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const list = z.array(scalar);

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `file ${path}: expected a file that can be read, got ${String(cause)}`;
    throw new AgentError('CONFIG_UNREADABLE', message, { cause });
  }
}

function parseMapping(path: string, content: string): Readonly<Record<string, unknown>> {
  const parsed = mapping.safeParse(parseYaml(path, content) ?? {});
  if (parsed.success) return parsed.data;
  const message = `file ${path}: expected settings, one "name: value" a line`;
  throw new AgentError('CONFIG_UNREADABLE', message, { cause: parsed.error });
}

function parseYaml(path: string, content: string): unknown {
  try {
    return parse(content);
  } catch (cause) {
    // What follows the first line is an excerpt with a mark below it.
    const [what = ''] = String(cause).split('\n');
    throw new AgentError('CONFIG_UNREADABLE', `file ${path}: expected YAML, got ${what}`, { cause });
  }
}

// `visibility: [process, file]` is how YAML writes what KubeArmor writes with commas.
function textOf(value: unknown, name: SettingName, where: string): string {
  const one = scalar.safeParse(value);
  if (one.success) return String(one.data);
  const many = list.safeParse(value);
  if (many.success) return many.data.join(',');
  const { expected } = SETTINGS[name].kind;
  throw new AgentError('SETTING_INVALID', `${where}: expected ${expected}, got ${JSON.stringify(value)}`);
}

function unknownKey(key: string, where: string): string {
  const nearest = nearestName(key, settingNames());
  return `${where}: unknown setting, ignored${nearest === undefined ? '' : `; is ${nearest} meant?`}`;
}

const WRITABLE_BY_OTHERS = 0o022;

function looseMode(path: string): string[] {
  const { uid, mode } = statSync(path);
  if (uid === 0 && (mode & WRITABLE_BY_OTHERS) === 0) return [];
  return [`file ${path}: expected one that only root can write: whoever writes it changes what is enforced`];
}
