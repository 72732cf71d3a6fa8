import type { Command } from 'commander';
import { flagOf } from './flag-layer.js';
import type { Section } from './sections.js';
import type { Setting } from './setting.js';
import { SETTINGS, type SettingName } from './settings.js';

/** Gives a command the flags of some settings. */
export function addSettingOptions(command: Command, sections: readonly Section[]): Command {
  for (const { title, names } of sections) {
    command.optionsGroup(`${title}:`);
    for (const name of names) command.option(usageOf(name), descriptionOf(name));
  }
  return command.optionsGroup('Options:');
}

function usageOf(name: SettingName): string {
  const { placeholder } = SETTINGS[name].kind;
  // A flag alone switches on.
  return placeholder === 'true|false'
    ? `--${flagOf(name)} [${placeholder}]`
    : `--${flagOf(name)} <${placeholder}>`;
}

function descriptionOf(name: SettingName): string {
  const { description, default: usual, derivedFrom = usual }: Setting<unknown> = SETTINGS[name];
  return derivedFrom === '' ? description : `${description} (default ${derivedFrom})`;
}
