import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { AgentProcess } from './agent/agent-process.ts';
import { places } from './places.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const TEST_MS = 120_000;
const WAIT_MS = 20_000;

const POLICY = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: seen, namespace: container_namespace }
spec:
  selector: { matchLabels: { app: web } }
  network: { matchDNSQueries: [{ domain: example.org }] }
  syscalls: { matchSyscalls: [{ syscall: [unlinkat], fromSource: [{ path: /usr/bin/rm }] }] }
  capabilities: { matchCapabilities: [{ capability: chown, fromSource: [{ path: /usr/bin/chown }] }] }
  action: Block
`;

const question = (name: string): string =>
  String.raw`printf "\x12\x34\1\0\0\1\0\0\0\0\0\0\7${name}\3org\0\0\1\0\1" >&3`;
// Nobody answers there; what the first question comes to is told with the second on the same socket.
const SCRIPT = [
  'exec 3<>/dev/udp/127.0.0.77/53',
  question('another'),
  'exec 3<>/dev/udp/127.0.0.77/53',
  question('example'),
  'touch /tmp/x',
  'chown 1 /tmp/x',
  'rm /tmp/x',
].join('; ');

describe('rules about what is only seen', { timeout: TEST_MS }, () => {
  it('alert: names that are asked for, system calls, capabilities', async () => {
    await using agent = await AgentProcess.start();
    agent.writePolicies('seen.yaml', POLICY);
    await agent.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const scope = ['run', '--socket', agent.socket, '--name', 'web', '--label', 'app=web', '--'];
    // A shell whose input is a socket reads what the user has it do first.
    const ran = spawnSync(KARMOR, [...scope, '/bin/bash', '--norc', '-c', SCRIPT], {
      encoding: 'utf8',
    });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    await vi.waitFor(() => {
      const told = agent.alerts.read().map(({ rule, action, result }) => `${rule} ${action} ${result}`);
      const rule = (place: string): string => `KubeArmorPolicy/container_namespace/seen#${place}`;
      expect(told).toEqual([
        `${rule('network.matchDNSQueries[0]')} Audit (Block) Passed`,
        `${rule('capabilities.matchCapabilities[0]')} Audit (Block) Passed`,
        `${rule('syscalls.matchSyscalls[0]')} Audit Passed`,
      ]);
    }, WAIT_MS);
  });
});
