import { describe, expect, it } from 'vitest';
import { resolveAgentConfig, resolveGuardConfig, scopesCgroup } from './settings.js';

describe('resolveAgentConfig', () => {
  it('is complete without flags', () => {
    expect(resolveAgentConfig({})).toMatchObject({
      policies: '/etc/kubearmor/policies',
      socket: '/run/kubearmor/agent.sock',
      onError: 'deny',
      postures: { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' },
      throttle: undefined,
    });
  });

  it('takes flags', () => {
    const config = resolveAgentConfig({
      runDir: '/r',
      defaultFilePosture: 'block',
      alertThrottling: true,
      maxAlertPerSec: '3',
    });
    expect(config.socket).toBe('/r/agent.sock');
    expect(config.postures.file).toBe('block');
    expect(config.throttle).toEqual({ maxAlertPerSec: 3, throttleSec: 30 });
  });

  it('names the flag that is wrong', () => {
    expect(() => resolveAgentConfig({ defaultNetworkPosture: 'deny' })).toThrow(/--defaultNetworkPosture/);
    expect(() => resolveGuardConfig({ onError: 'maybe' })).toThrow(/--onError/);
  });
});

describe('scopesCgroup', () => {
  it('differs with the run directory', () => {
    expect(scopesCgroup('/run/kubearmor')).toBe('kubearmor');
    expect(scopesCgroup('/tmp/a')).not.toBe(scopesCgroup('/tmp/b'));
  });
});
