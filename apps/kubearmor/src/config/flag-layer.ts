import { z } from 'zod';
import type { Given, Layer } from './given.js';
import type { Setting } from './setting.js';
import { settingNames } from './setting-names.js';
import { SETTINGS, type SettingName } from './settings.js';

/** A setting's flag without its dashes. */
export function flagOf(name: SettingName): string {
  const { flag = name }: Setting<unknown> = SETTINGS[name];
  return flag;
}

// What the command line gives is a text, or true for a flag alone.
const optionsSchema = z.record(z.string(), z.union([z.string(), z.boolean()]));

/** What the command line gives: options by the names of their settings, `true` for a flag without a value. */
export function flagLayer(options: unknown): Layer {
  const values = new Map(Object.entries(optionsSchema.parse(options)));
  return new Map(
    settingNames().flatMap((name): [SettingName, Given][] => {
      const value = values.get(name);
      return value === undefined ? [] : [[name, { text: String(value), where: `flag --${flagOf(name)}` }]];
    }),
  );
}
