import type { Capability } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { chooseEnforcer, startLine } from './choice.js';

const NAMES = [
  'root',
  'btf',
  'libbpf',
  'bpffs',
  'ring-buffer',
  'raw-tracepoint',
  'cgroup-bpf',
  'fanotify-permission',
  'proc-syscall',
  'bpf-lsm',
] as const;
const machine = (missing: string): Capability[] =>
  NAMES.map((name) => ({
    name,
    available: name !== missing,
    reason: `reason of ${name}`,
    consequence: name === missing ? `without ${name}` : '',
  }));

describe('chooseEnforcer', () => {
  it('takes the guard where everything it needs is there', () => {
    expect(chooseEnforcer(machine('bpf-lsm')).kind).toBe('Guard');
  });

  for (const name of NAMES.filter((each) => each !== 'bpf-lsm')) {
    it(`takes none without ${name}, and says why`, () => {
      const choice = chooseEnforcer(machine(name));
      expect(choice.kind).toBe('none');
      expect(choice.reason).toContain(`reason of ${name}`);
    });
  }
});

describe('startLine', () => {
  it('names what is not possible, why, and what follows', () => {
    const line = startLine(chooseEnforcer(machine('bpf-lsm')), machine('bpf-lsm'), '1.2.3');
    expect(line).toContain('kubearmor 1.2.3: enforcer Guard');
    expect(line).toContain('bpf-lsm: reason of bpf-lsm (without bpf-lsm)');
  });
});
