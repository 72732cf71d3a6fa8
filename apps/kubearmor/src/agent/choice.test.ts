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

  it('says of each in turn why it is taken or not', () => {
    const { considered } = chooseEnforcer(machine('none'), ['selinux', 'guard', 'bpf']);
    expect(considered).toEqual([
      { enforcer: 'selinux', isTaken: false, reason: 'not part of this version' },
      { enforcer: 'guard', isTaken: true, reason: 'permission events and cgroup programs work here' },
      { enforcer: 'bpf', isTaken: false, reason: 'not part of this version' },
      { enforcer: 'apparmor', isTaken: false, reason: 'not part of this version' },
    ]);
  });

  it('takes what a list does not name where nothing that it names can be had, and says so', () => {
    const choice = chooseEnforcer(machine('none'), ['bpf', 'apparmor']);
    expect(choice.kind).toBe('Guard');
    expect(choice.reason).toContain('lsm does not name guard');
    expect(chooseEnforcer(machine('none')).reason).not.toContain('lsm does not name');
  });
});

describe('startLine', () => {
  it('names what is not possible, why, and what follows', () => {
    const line = startLine(chooseEnforcer(machine('bpf-lsm')), machine('bpf-lsm'), '1.2.3');
    expect(line).toContain('kubearmor 1.2.3: enforcer Guard');
    expect(line).toContain('; not bpf: not part of this version; apparmor: ');
    expect(line).toContain('bpf-lsm: reason of bpf-lsm (without bpf-lsm)');
  });
});
