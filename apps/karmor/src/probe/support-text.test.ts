import type { Capability, CapabilityProbeName } from '@kubearmor/kernel';
import { describe, expect, it } from 'vitest';
import { createPaint } from './paint.js';
import { formatCapabilities, formatSupport } from './support-text.js';

const names: readonly CapabilityProbeName[] = [
  'root',
  'btf',
  'libbpf',
  'bpffs',
  'ring-buffer',
  'raw-tracepoint',
  'cgroup-bpf',
  'fanotify-permission',
  'proc-syscall',
];

const capabilities = (...missing: readonly CapabilityProbeName[]): readonly Capability[] =>
  names.map((name) => ({
    name,
    available: !missing.includes(name),
    reason: missing.includes(name) ? 'no such file' : 'works',
    consequence: missing.includes(name) ? 'nothing is judged' : '',
  }));

const format = (...missing: readonly CapabilityProbeName[]): string =>
  formatSupport(
    { kernel: '6.1.0', lsms: 'lockdown,apparmor', capabilities: capabilities(...missing) },
    createPaint(false),
  );

describe('formatSupport', () => {
  it('says what this machine could do', () => {
    expect(format().replaceAll('\t', '→')).toMatchInlineSnapshot(`
      "Didn't find KubeArmor in systemd or Kubernetes, probing for support for KubeArmor
      Host:
      → Observability/Audit: Supported (Kernel Version 6.1.0)
      → Enforcement: Partial (Supported LSMs: lockdown,apparmor): by the guard, exec, open and IP sockets
      "
    `);
  });

  it('says what is missing for refusing, and for seeing', () => {
    expect(format('fanotify-permission')).toMatch(
      /Audit: Supported[^]*None \(Supported LSMs: lockdown,apparmor\): fanotify-permission: no such file/,
    );
    expect(format('btf')).toMatch(/Audit: Not Supported \(Kernel Version 6\.1\.0\): btf: no such file/);
  });
});

describe('formatCapabilities', () => {
  it('has a line for everything that was tried', () => {
    expect(formatCapabilities(capabilities('btf')).split('\n')).toHaveLength(names.length + 2);
  });
});
