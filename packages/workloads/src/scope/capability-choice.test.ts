import { CAPABILITY_NAMES, CONTAINER_CAPABILITIES } from '@kubearmor/kernel/launch';
import { describe, expect, it } from 'vitest';
import { chooseCapabilities } from './capability-choice.js';

const granted = (add: readonly string[], drop: readonly string[]): readonly string[] =>
  chooseCapabilities({ add, drop }).granted;

describe('chooseCapabilities', () => {
  it('starts from those of a container', () => {
    expect([...granted([], [])].sort()).toEqual([...CONTAINER_CAPABILITIES].sort());
  });

  it('takes names in any case, with and without CAP_', () => {
    expect(granted(['net_admin', 'CAP_SYS_PTRACE'], ['Cap_Net_Raw'])).toEqual(
      expect.arrayContaining(['CAP_NET_ADMIN', 'CAP_SYS_PTRACE']),
    );
    expect(granted([], ['Cap_Net_Raw'])).not.toContain('CAP_NET_RAW');
  });

  it('drops all but what is added by name', () => {
    expect(granted([], ['ALL'])).toEqual([]);
    expect(granted(['kill'], ['all'])).toEqual(['CAP_KILL']);
  });

  it('adds all but what is dropped by name', () => {
    expect(granted(['ALL'], ['sys_admin'])).toEqual(
      CAPABILITY_NAMES.filter((name) => name !== 'CAP_SYS_ADMIN'),
    );
  });

  it('counts as asked only what was named and is granted', () => {
    expect(chooseCapabilities({ add: ['kill', 'sys_time', 'ALL'], drop: ['kill'] }).asked).toEqual([
      'CAP_SYS_TIME',
    ]);
  });
});
