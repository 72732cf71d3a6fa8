import type { AgentConfig } from '../agent/agent-config.js';
import { findConfigFile, readConfigFile, type ConfigFile } from './config-file.js';
import { environmentLayer, type Environment } from './environment-layer.js';
import { flagLayer } from './flag-layer.js';
import { resolveAgentConfig } from './resolve-agent-config.js';
import { Settled } from './settled.js';

/** Where settings come from. */
export interface ConfigurationSources {
  /** What the command line gave, by names of settings; `config` names the file. */
  readonly options: unknown;
  readonly environment: Environment;
  /** Where the file may be that nobody named. By default {@link CONFIG_PLACES}. */
  readonly places?: readonly string[];
}

/** All settings, as given and as they are meant. */
export interface Configuration {
  readonly config: AgentConfig;
  readonly settled: Settled;
  /** The file that was read; undefined for none. */
  readonly file: string | undefined;
  readonly content: string | undefined;
  /** What deserves a word: settings that are unknown, or of which nothing comes. */
  readonly warnings: readonly string[];
}

/**
 * Reads all sources: defaults, then the file, the environment and the flags, later ones winning. Throws SETTING_INVALID
 * and CONFIG_UNREADABLE, both naming the source.
 */
export function readConfiguration(sources: ConfigurationSources): Configuration {
  const { options, environment, places } = sources;
  const path = findConfigFile(namedFile(options, environment), places);
  const file = path === undefined ? undefined : readConfigFile(path);
  const settled = new Settled([file?.layer ?? new Map(), environmentLayer(environment), flagLayer(options)]);
  return {
    config: resolveAgentConfig(settled),
    settled,
    file: path,
    content: file?.content,
    warnings: warningsOf(file, settled),
  };
}

function namedFile(options: unknown, environment: Environment): string | undefined {
  if (typeof options === 'object' && options !== null && 'config' in options) return String(options.config);
  return environment['KUBEARMOR_CFG'] || undefined;
}

function warningsOf(file: ConfigFile | undefined, settled: Settled): readonly string[] {
  const inert = settled.inert().map(({ given, reason }) => `${given.where}: no effect here: ${reason}`);
  return [...(file?.warnings ?? []), ...inert];
}
