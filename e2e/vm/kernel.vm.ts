import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { places } from '../places.ts';
import { isConfigured } from './guest/kernel-config.ts';
import { run } from './guest/run.ts';
import { securityModules } from './guest/security-modules.ts';

const schema = z.object({
  enforcer: z.object({ kind: z.string(), reason: z.string() }),
  capabilities: z.array(z.object({ name: z.string(), available: z.boolean(), reason: z.string() })),
});

type Probe = z.infer<typeof schema>;

/** What the kernel itself says of each: its configuration, and what is in force. */
const answers: Readonly<Record<string, () => boolean>> = {
  btf: () => isConfigured('DEBUG_INFO_BTF'),
  'ring-buffer': () => isConfigured('BPF_SYSCALL'),
  'raw-tracepoint': () => isConfigured('BPF_EVENTS'),
  'cgroup-bpf': () => isConfigured('CGROUP_BPF'),
  'bpf-lsm': () => isConfigured('BPF_LSM') && securityModules().includes('bpf'),
  'fanotify-permission': () => isConfigured('FANOTIFY_ACCESS_PERMISSIONS'),
  overlayfs: () => isConfigured('OVERLAY_FS'),
  landlock: () => securityModules().includes('landlock'),
  seccomp: () => isConfigured('SECCOMP_FILTER'),
  'user-namespaces': () => isConfigured('USER_NS'),
  'proc-syscall': () => existsSync('/proc/self/syscall'),
};

describe(`kubearmor probe on ${release()}`, () => {
  let probe: Probe;

  before(() => {
    probe = schema.parse(JSON.parse(run([process.execPath, places.kubearmor, 'probe', '--json']).stdout));
  });

  for (const [name, answer] of Object.entries(answers)) {
    it(`says of ${name} what the kernel says`, () => {
      const found = probe.capabilities.find((each) => each.name === name);
      assert.equal(found?.available, answer(), found?.reason);
    });
  }

  it('names the kernel, its security modules and the size of its types', () => {
    const reason = (name: string): string =>
      probe.capabilities.find((each) => each.name === name)?.reason ?? '';
    assert.match(reason('kernel-release'), new RegExp(release().replaceAll(/[.+]/g, '\\$&')));
    assert.match(reason('bpf-lsm'), new RegExp(securityModules().join(',')));
    assert.match(reason('btf'), new RegExp(`${statSync('/sys/kernel/btf/vmlinux').size} bytes`));
  });

  it('chooses an enforcer whose needs are there, or says which is not', () => {
    const { kind, reason } = probe.enforcer;
    const missing = probe.capabilities.filter(({ available }) => !available).map(({ name }) => name);
    if (kind === 'none')
      assert.ok(
        missing.some((name) => reason.includes(name)),
        reason,
      );
    else assert.equal(kind, 'Guard');
  });
});
