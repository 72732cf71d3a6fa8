import type { ValueKind } from './values/value-kind.js';

/** Something that can be set by file, environment and flag. */
export interface Setting<T> {
  readonly kind: ValueKind<T>;
  /** The value that holds where none is given, as it would be given. */
  readonly default: string;
  /** What an empty default stands for. */
  readonly derivedFrom?: string;
  readonly description: string;
  /** `live`: a change in the file holds at once. `restart`: with the next start. `none`: read, and nothing comes of it. */
  readonly effect: 'live' | 'restart' | 'none';
  /** Whose name it is; KubeArmor's can also be set by environment variables without a prefix, as it reads them. */
  readonly origin: 'kubearmor' | 'ours';
  /** The flag's name where it is not the setting's. */
  readonly flag?: string;
  /** More environment variables that set it. By default none. */
  readonly variables?: readonly string[];
  /** When the variable without prefix is meant for us; its name may be used by other software. By default always. */
  readonly bareVariable?: BareVariable;
  /** Why it has no effect here. */
  readonly reason?: string;
}

/** When an environment variable of a name that others use, too, is taken for ours. */
export interface BareVariable {
  readonly isOurs: (text: string) => boolean;
  /** For the documentation. */
  readonly note: string;
}

/** Settings with the types of their values. */
export type SettingsOf<Values> = { readonly [Name in keyof Values]: Setting<Values[Name]> };
