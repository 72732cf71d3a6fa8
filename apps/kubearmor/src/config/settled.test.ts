import { describe, expect, it } from 'vitest';
import type { Layer } from './given.js';
import { SECTIONS } from './sections.js';
import type { Setting } from './setting.js';
import { settingNames } from './setting-names.js';
import { Settled } from './settled.js';
import { SETTINGS, type SettingName } from './settings.js';

const layer = (values: Partial<Record<SettingName, string>>, where = 'test'): Layer =>
  new Map(
    settingNames().flatMap((name) =>
      values[name] === undefined ? [] : [[name, { text: values[name], where }]],
    ),
  );

describe('Settled', () => {
  it('has a default of the right kind for every setting', () => {
    const settled = new Settled([]);
    for (const name of settingNames()) expect(() => settled.get(name), name).not.toThrow();
  });

  it('takes the last source that gives a value', () => {
    const settled = new Settled([layer({ cluster: 'a', gRPC: '1' }), layer({ cluster: 'b' })]);
    expect([settled.get('cluster'), settled.get('gRPC'), settled.get('throttleSec')]).toEqual(['b', 1, 30]);
  });

  const wrong: Partial<Record<SettingName, string>> = {
    gRPC: '70000',
    gRPCHealthPort: '-1',
    maxAlertPerSec: '0',
    throttleSec: 'soon',
    tlsEnabled: 'yes',
    defaultFilePosture: 'Blok',
    tlsCertProvider: 'vault',
    metricsAddress: 'localhost',
    visibility: 'proces',
    pins: 'a\0b',
  };
  for (const name of settingNames().filter((each) => wrong[each] !== undefined)) {
    it(`says what ${name} can be, and where the wrong value came from`, () => {
      const text = wrong[name] ?? '';
      const { expected } = SETTINGS[name].kind;
      const message = `flag --${name}: expected ${expected}, got ${JSON.stringify(text)}`;
      expect(() => new Settled([layer({ [name]: text }, `flag --${name}`)])).toThrow(message);
    });
  }

  it('refuses a wrong value also where a later source overrides it', () => {
    expect(() => new Settled([layer({ gRPC: 'x' }, 'file f: gRPC'), layer({ gRPC: '1' })])).toThrow(
      'file f: gRPC',
    );
  });

  for (const [name, text, value] of [
    ['gRPC', 'none', undefined],
    ['gRPC', '0', 0],
    ['tlsEnabled', 'TRUE', true],
    ['tlsEnabled', '0', false],
    ['defaultFilePosture', 'Block', 'block'],
    ['metricsAddress', '[::1]:9100', { host: '::1', port: 9100 }],
    ['metricsAddress', ':9100', { host: '::', port: 9100 }],
    ['metricsAddress', 'none', undefined],
    ['hostVisibility', 'default', new Set(['process', 'file', 'network', 'capabilities'])],
    ['hostVisibility', 'none', new Set()],
    ['visibility', 'file,process', new Set(['file', 'process'])],
  ] as const) {
    it(`reads ${name} ${text}`, () => {
      expect(new Settled([layer({ [name]: text })]).get(name)).toEqual(value);
    });
  }

  it('finds what differs', () => {
    const one = new Settled([layer({ cluster: 'a', debug: 'true' })]);
    expect(one.differences(new Settled([layer({ debug: 'true' })]))).toEqual(['cluster']);
    expect(one.differences(one)).toEqual([]);
  });

  it('lists what has no effect, where it was given another value than the usual one', () => {
    const settled = new Settled([layer({ k8s: 'true', matchArgs: 'true', enableNRI: '1', cluster: 'c' })]);
    expect(settled.inert().map(({ name }) => name)).toEqual(['k8s', 'enableNRI']);
  });
});

describe('SECTIONS', () => {
  it('has every setting once', () => {
    expect(SECTIONS.flatMap(({ names }) => names).sort()).toEqual([...settingNames()].sort());
  });

  it('says of all without effect why', () => {
    for (const name of settingNames()) {
      const { effect, reason }: Setting<unknown> = SETTINGS[name];
      expect(reason === undefined, name).toBe(effect !== 'none');
    }
  });
});
