import type { Given, Layer } from './given.js';
import type { Setting } from './setting.js';
import { settingNames } from './setting-names.js';
import { SETTINGS, type SettingName } from './settings.js';

/** An environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that set a setting, the first one winning: with our prefix, then those that KubeArmor reads. An empty
 * variable counts as none, as it does there.
 */
export function variablesOf(name: SettingName): readonly string[] {
  const { origin, variables = [] }: Setting<unknown> = SETTINGS[name];
  const bare = name.toUpperCase();
  return [`KUBEARMOR_${bare}`, ...variables, ...(origin === 'kubearmor' ? [bare] : [])];
}

/** What the environment gives. */
export function environmentLayer(environment: Environment): Layer {
  return new Map(
    settingNames().flatMap((name): [SettingName, Given][] => {
      const given = givenBy(name, environment);
      return given === undefined ? [] : [[name, given]];
    }),
  );
}

function givenBy(name: SettingName, environment: Environment): Given | undefined {
  const { bareVariable }: Setting<unknown> = SETTINGS[name];
  for (const variable of variablesOf(name)) {
    const text = environment[variable] ?? '';
    const isOthers = variable === name.toUpperCase() && bareVariable?.isOurs(text) === false;
    if (text !== '' && !isOthers) return { text, where: `environment ${variable}` };
  }
  return undefined;
}
