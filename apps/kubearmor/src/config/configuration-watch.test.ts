import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentConfig } from '../agent/agent-config.js';
import { ConfigurationWatch, type ConfigurationState } from './configuration-watch.js';
import { readConfiguration } from './configuration.js';
import type { SettingName } from './settings.js';

let directory = '';
let file = '';
const changes: { config: AgentConfig; names: readonly SettingName[] }[] = [];
const states: ConfigurationState[] = [];
const watches: ConfigurationWatch[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-config-'));
  file = join(directory, 'kubearmor.yaml');
});

afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
  changes.length = 0;
  states.length = 0;
  rmSync(directory, { recursive: true });
});

function follow(options: unknown = {}): ConfigurationWatch {
  const sources = { options, environment: {}, places: [file] };
  const watch = new ConfigurationWatch(
    {
      sources,
      onChange: (config, names) => changes.push({ config, names }),
      onState: (state) => states.push(state),
    },
    readConfiguration(sources),
  );
  watches.push(watch);
  return watch;
}

describe('ConfigurationWatch', () => {
  it('tells of live settings, and which others wait for a restart', () => {
    writeFileSync(file, 'cluster: a\n');
    const watch = follow();
    writeFileSync(file, 'cluster: b\ndefaultFilePosture: block\nk8s: true\n');
    watch.check();
    expect(changes.map(({ names }) => names)).toEqual([['defaultFilePosture']]);
    expect(changes[0]?.config.postures.file).toBe('block');
    expect(watch.state.awaitRestart).toEqual(['cluster']);
    writeFileSync(file, 'cluster: a\ndefaultFilePosture: block\n');
    watch.check();
    expect(watch.state.awaitRestart).toEqual([]);
    expect(changes).toHaveLength(1);
  });

  it('keeps the last good file and says what is wrong with the new one', () => {
    writeFileSync(file, 'defaultFilePosture: block\n');
    const watch = follow();
    writeFileSync(file, 'defaultFilePosture: Blok\n');
    watch.check();
    expect(changes).toEqual([]);
    expect(watch.state.problem).toContain('defaultFilePosture: expected block, audit or allow, got "Blok"');
    writeFileSync(file, 'defaultFilePosture: block\n');
    watch.check();
    expect([watch.state.problem, changes.length]).toEqual([undefined, 0]);
  });

  it('does not fall back to defaults when the file is emptied or gone', () => {
    writeFileSync(file, 'defaultFilePosture: block\n');
    const watch = follow();
    writeFileSync(file, '');
    watch.check();
    expect(watch.state.problem).toBe(`file ${file}: expected settings, is empty`);
    rmSync(file);
    watch.check();
    expect(watch.state.problem).toBe(`file ${file}: expected settings, is gone`);
    expect(changes).toEqual([]);
  });

  it('takes a file that appears after the start', () => {
    const watch = follow();
    watch.check();
    expect(states).toEqual([]);
    writeFileSync(file, 'debug: true\n');
    watch.check();
    expect(changes.map(({ config }) => config.isDebug)).toEqual([true]);
    expect(watch.state.file).toBe(file);
  });

  it('lets a flag stand against the file', () => {
    writeFileSync(file, 'debug: true\n');
    const watch = follow({ debug: 'false' });
    writeFileSync(file, 'debug: false\n');
    watch.check();
    expect(changes).toEqual([]);
  });

  it('sees a file that another one is renamed to', async () => {
    writeFileSync(file, 'debug: false\n');
    const watch = follow();
    watch.start();
    for (const [index, isDebug] of [true, false].entries()) {
      writeFileSync(join(directory, 'next'), `debug: ${isDebug}\n`);
      renameSync(join(directory, 'next'), file);
      await vi.waitFor(() => {
        expect(changes[index]?.config.isDebug).toBe(isDebug);
      }, 4000);
    }
  });
});
