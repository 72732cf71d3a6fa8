import { describe, expect, it } from 'vitest';
import { environmentLayer, variablesOf, type Environment } from './environment-layer.js';
import type { SettingName } from './settings.js';

function textOf(name: SettingName, environment: Environment): string | undefined {
  return environmentLayer(environment).get(name)?.text;
}

describe('environmentLayer', () => {
  it("reads KubeArmor's variables", () => {
    const environment = { CLUSTER: 'c', GRPC: '0', DEFAULTFILEPOSTURE: 'block', CRI_SOCKET: 'unix:///s' };
    const layer = environmentLayer(environment);
    expect([...layer.keys()].sort()).toEqual(['cluster', 'criSocket', 'defaultFilePosture', 'gRPC']);
    expect(layer.get('gRPC')).toEqual({ text: '0', where: 'environment GRPC' });
  });

  it('prefers the variable with our prefix', () => {
    const environment = { VISIBILITY: 'none', KUBEARMOR_VISIBILITY: 'file' };
    expect(environmentLayer(environment).get('visibility')).toEqual({
      text: 'file',
      where: 'environment KUBEARMOR_VISIBILITY',
    });
  });

  it('takes an empty variable for none', () => {
    expect(textOf('cluster', { CLUSTER: '' })).toBeUndefined();
    expect(textOf('cluster', { KUBEARMOR_CLUSTER: '', CLUSTER: 'c' })).toBe('c');
  });

  it('does not take what shells and other software set', () => {
    expect(textOf('host', { HOST: 'a-shell-set-this' })).toBeUndefined();
    expect(textOf('host', { KUBEARMOR_NODENAME: 'n' })).toBe('n');
    expect(textOf('host', { KUBEARMOR_HOST: 'h', KUBEARMOR_NODENAME: 'n' })).toBe('h');
    expect(textOf('debug', { DEBUG: 'express:*' })).toBeUndefined();
    expect(textOf('debug', { DEBUG: 'true' })).toBe('true');
  });

  it('reads our own settings with the prefix only', () => {
    expect(textOf('policies', { POLICIES: '/p' })).toBeUndefined();
    expect(textOf('policies', { KUBEARMOR_POLICIES: '/p' })).toBe('/p');
    expect(variablesOf('runDir')).toEqual(['KUBEARMOR_RUNDIR']);
  });
});
