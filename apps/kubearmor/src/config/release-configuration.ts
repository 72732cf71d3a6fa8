import type { GuardConfig } from '../agent/guard-command.js';
import { readConfiguration, type ConfigurationSources } from './configuration.js';
import { guardConfiguration } from './guard-configuration.js';

/** What `release` is told. */
export interface ReleaseConfiguration {
  readonly config: GuardConfig;
  /** Why flags and defaults alone are used; undefined where they are not. */
  readonly problem: string | undefined;
}

/** Reads what the agent read. A mistake there must not keep anyone from ending enforcement. */
export function releaseConfiguration(sources: ConfigurationSources): ReleaseConfiguration {
  try {
    return { config: readConfiguration(sources).config, problem: undefined };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { config: guardConfiguration(sources.options), problem };
  }
}
