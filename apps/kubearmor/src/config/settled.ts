import { AgentError } from '../errors.js';
import type { Given, Layer } from './given.js';
import { settingNames } from './setting-names.js';
import { SETTINGS, type SettingName, type SettingValues } from './settings.js';

/** A value for every setting, each from the last source that gives one. */
export class Settled {
  readonly #given: ReadonlyMap<SettingName, Given>;

  /** Takes sources in the order in which later ones win. Throws SETTING_INVALID for a value of any that cannot be. */
  constructor(layers: readonly Layer[]) {
    for (const layer of layers) for (const [name, given] of layer) parse(name, given);
    this.#given = new Map(layers.flatMap((layer) => [...layer]));
  }

  /** The value of a setting. */
  get<Name extends SettingName>(name: Name): SettingValues[Name] {
    return parse(name, this.given(name) ?? { text: SETTINGS[name].default, where: `default of ${name}` });
  }

  /** What was given for a setting; undefined where its default holds. */
  given(name: SettingName): Given | undefined {
    return this.#given.get(name);
  }

  /** The settings whose values are not the same in another one. */
  differences(other: Settled): readonly SettingName[] {
    return settingNames().filter((name) => this.#textOf(name) !== other.#textOf(name));
  }

  /** Settings that were given another value than their default, and of which nothing comes. */
  inert(): readonly { readonly name: SettingName; readonly given: Given; readonly reason: string }[] {
    return settingNames().flatMap((name) => {
      const { effect, reason = '', kind, default: usual } = SETTINGS[name];
      const given = this.given(name);
      if (effect !== 'none' || given === undefined) return [];
      if (kind.schema.parse(given.text) === kind.schema.parse(usual)) return [];
      return [{ name, given, reason }];
    });
  }

  #textOf(name: SettingName): string {
    return this.given(name)?.text ?? SETTINGS[name].default;
  }
}

function parse<Name extends SettingName>(name: Name, { text, where }: Given): SettingValues[Name] {
  const { kind } = SETTINGS[name];
  const parsed = kind.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AgentError('SETTING_INVALID', `${where}: expected ${kind.expected}, got ${JSON.stringify(text)}`);
}
