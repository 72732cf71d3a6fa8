import { existsSync, readFileSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { AgentConfig } from '../agent/agent-config.js';
import { CONFIG_PLACES, findConfigFile } from './config-file.js';
import { readConfiguration, type Configuration, type ConfigurationSources } from './configuration.js';
import { SETTINGS, type SettingName } from './settings.js';
import type { Settled } from './settled.js';

/** What became of the file since the start. */
export interface ConfigurationState {
  readonly file: string | undefined;
  readonly warnings: readonly string[];
  /** Why its last good content stays; undefined when it is in force. */
  readonly problem: string | undefined;
  /** Settings whose change waits for the next start. */
  readonly awaitRestart: readonly SettingName[];
}

/** What a {@link ConfigurationWatch} tells. */
export interface ConfigurationWatchDependencies {
  readonly sources: ConfigurationSources;
  /** Takes a configuration in which settings have changed that can change while the agent runs. */
  readonly onChange: (config: AgentConfig, changed: readonly SettingName[]) => void;
  /** Takes the state whenever it is another one. */
  readonly onState: (state: ConfigurationState) => void;
}

const SETTLE_MS = 100;
/** Changes that the watch of the directory misses are found at the latest after this. */
const RESCAN_MS = 5000;

/** Follows the configuration file. What cannot be read, or is gone, leaves the last good content in force. */
export class ConfigurationWatch {
  readonly #deps: ConfigurationWatchDependencies;
  readonly #atStart: Settled;
  #current: Configuration;
  #content: string | undefined;
  #state: ConfigurationState;
  #watcher: FSWatcher | undefined;
  #rescan: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(deps: ConfigurationWatchDependencies, started: Configuration) {
    this.#deps = deps;
    this.#atStart = started.settled;
    this.#current = started;
    this.#content = started.content;
    this.#state = { file: started.file, warnings: started.warnings, problem: undefined, awaitRestart: [] };
  }

  /** What became of the file since the start. */
  get state(): ConfigurationState {
    return this.#state;
  }

  /** Starts to look. */
  start(): void {
    this.#watchDirectory();
    this.#rescan = setInterval(() => {
      this.#watchDirectory();
      this.check();
    }, RESCAN_MS);
    this.#rescan.unref();
  }

  /** Looks no more. */
  stop(): void {
    this.#watcher?.close();
    clearInterval(this.#rescan);
    clearTimeout(this.#settling);
  }

  /** Looks now. */
  check(): void {
    const path = this.#current.file ?? findConfigFile(undefined, this.#deps.sources.places);
    const content = contentOf(path);
    if (content === this.#content) return;
    this.#content = content;
    // Whoever writes a file in place empties it first; only a start takes an empty one at its word.
    if (path !== undefined && (content ?? '').trim() === '') {
      this.#setState({
        ...this.#state,
        problem: `file ${path}: expected settings, is ${content === undefined ? 'gone' : 'empty'}`,
      });
    } else this.#read();
  }

  #read(): void {
    try {
      this.#take(readConfiguration(this.#sources()));
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      this.#setState({ ...this.#state, problem });
    }
  }

  // The file that was read first stays the file, whatever appears where.
  #sources(): ConfigurationSources {
    const { sources } = this.#deps;
    const { file } = this.#current;
    return file === undefined
      ? sources
      : { ...sources, options: { ...toRecord(sources.options), config: file } };
  }

  #take(read: Configuration): void {
    const changed = read.settled.differences(this.#current.settled).filter(isLive);
    this.#current = read;
    const awaitRestart = read.settled
      .differences(this.#atStart)
      .filter((name) => SETTINGS[name].effect === 'restart');
    if (changed.length > 0) this.#deps.onChange(read.config, changed);
    this.#setState({ file: read.file, warnings: read.warnings, problem: undefined, awaitRestart });
  }

  #setState(state: ConfigurationState): void {
    const isSame = JSON.stringify(state) === JSON.stringify(this.#state);
    this.#state = state;
    if (!isSame) this.#deps.onState(state);
  }

  // The directory and not the file: a file that is replaced by another one is no longer the one that is watched.
  #watchDirectory(): void {
    if (this.#watcher !== undefined) return;
    const { file } = this.#current;
    const { places = CONFIG_PLACES } = this.#deps.sources;
    const directory = [file ?? '', ...places]
      .filter((each) => each !== '')
      .map(dirname)
      .find(existsSync);
    if (directory === undefined) return;
    this.#watcher = watch(directory, () => {
      this.#settling ??= setTimeout(() => {
        this.#settling = undefined;
        this.check();
      }, SETTLE_MS);
    });
    this.#watcher.on('error', () => {
      this.#watcher?.close();
      this.#watcher = undefined;
    });
    this.#watcher.unref();
  }
}

function isLive(name: SettingName): boolean {
  return SETTINGS[name].effect === 'live';
}

function contentOf(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function toRecord(options: unknown): object {
  return typeof options === 'object' && options !== null ? options : {};
}
