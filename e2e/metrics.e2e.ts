import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AgentProcess } from './agent/agent-process.ts';
import { places } from './places.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const REFERENCE = `${places.root}docs/reference/metrics.md`;
const TEST_MS = 60_000;

const NO_HOSTS = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: no-hosts, namespace: container_namespace }
spec:
  selector: { matchLabels: { app: web } }
  severity: 7
  file: { matchPaths: [{ path: /etc/hosts }] }
  action: Block
`;

async function scrape(base: string): Promise<string> {
  return (await fetch(`${base}/metrics`)).text();
}

describe('the metrics of an agent', { timeout: TEST_MS }, () => {
  it('count what was refused, and are all documented', async () => {
    await using agent = await AgentProcess.start({ flags: ['--metricsAddress', '127.0.0.1:0'] });
    const base = `http://127.0.0.1:${readFileSync(join(agent.directory, 'run/metrics.port'), 'utf8').trim()}`;
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${base}/readyz`)).text()).toBe('ok\n');
    agent.writePolicies('no-hosts.yaml', NO_HOSTS);
    await agent.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const flags = ['run', '--socket', agent.socket, '--name', 'web', '--label', 'app=web'];
    spawnSync(KARMOR, [...flags, '--', '/bin/cat', '/etc/hosts']);

    // Somebody who asks and never reads must not keep others from getting an answer.
    const slow = connect(Number(new URL(base).port), '127.0.0.1');
    slow.pause();
    slow.write('GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n');
    await vi.waitFor(async () => {
      const text = await scrape(base);
      expect(text).toContain('kubearmor_alerts_with_policy_total{PolicyName="no-hosts"} 1');
      expect(text).toContain('kubearmor_alerts_with_severity_total{Severity="7"} 1');
      expect(text).toContain('kubearmor_alerts_in_container_total{ContainerName="web"} 1');
      expect(text).toMatch(/^kubearmor_guard_denied_total [1-9]/m);
      expect(text).toContain('\nkubearmor_policies 1\n');
      expect(text).toContain('\nkubearmor_ready 1\n');
    }, 10_000);
    slow.destroy();
    const exposed = new Set(
      [...(await scrape(base)).matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name ?? ''),
    );
    const documented = new Set(
      [...readFileSync(REFERENCE, 'utf8').matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name ?? ''),
    );
    expect([...exposed].filter((name) => !documented.has(name))).toEqual([]);
  });

  it('do not keep an agent from starting where the port is taken', async () => {
    await using first = await AgentProcess.start({ flags: ['--metricsAddress', '127.0.0.1:0'] });
    const port = readFileSync(join(first.directory, 'run/metrics.port'), 'utf8').trim();
    await using second = await AgentProcess.start({ flags: ['--metricsAddress', `127.0.0.1:${port}`] });
    expect(second.log()).toContain('metrics port is not available');
  });
});
