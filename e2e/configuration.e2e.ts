import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { AgentProcess } from './agent/agent-process.ts';
import { places } from './places.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const CLIENT = `${places.root}build/stock-client`;
const TEST_MS = 60_000;
const WAIT_MS = 8_000;

const UDP_ONLY = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: udp-only, namespace: container_namespace }
spec:
  selector: { matchLabels: { app: web } }
  network: { matchProtocols: [{ protocol: udp }] }
  action: Allow
`;

const stateSchema = z.object({
  configuration: z.object({
    file: z.string(),
    problem: z.string().optional(),
    awaitRestart: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
});

async function stateOf(agent: AgentProcess): Promise<z.infer<typeof stateSchema>['configuration']> {
  return stateSchema.parse(await agent.call('status')).configuration;
}

/** Replaces the file as editors and configuration management do. */
function configure(agent: AgentProcess, text: string): void {
  const next = join(agent.directory, 'next');
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, agent.configuration);
}

/** A shell in a workload that tries to make a TCP connection, as often as it is asked. */
async function* connects(agent: AgentProcess): AsyncGenerator<string, void> {
  const flags = ['run', '--socket', agent.socket, '--name', 'web', '--label', 'app=web'];
  const script = 'while read -r line; do (exec 3<>/dev/tcp/127.0.0.1/9) 2>&1 | tail -n1; done';
  const shell = spawn(KARMOR, [...flags, '--', '/bin/bash', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(shell.stdout)[Symbol.asyncIterator]();
  try {
    for (;;) {
      shell.stdin.write('go\n');
      const { value, done } = await lines.next();
      if (done === true) return;
      yield z.string().parse(value);
    }
  } finally {
    shell.stdin.end();
    if (shell.exitCode === null) await once(shell, 'exit');
  }
}

describe('the configuration of an agent', { timeout: TEST_MS }, () => {
  it('changes what is enforced while a workload runs', async () => {
    await using agent = await AgentProcess.start({ configuration: 'defaultNetworkPosture: audit\n' });
    agent.writePolicies('udp-only.yaml', UDP_ONLY);
    await agent.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const attempts = connects(agent);
    expect((await attempts.next()).value).toContain('Connection refused');

    configure(agent, 'defaultNetworkPosture: block\n');
    await vi.waitFor(async () => {
      expect((await attempts.next()).value).toMatch(/Permission denied|not permitted/);
    }, WAIT_MS);

    configure(agent, 'defaultNetworkPosture: Blok\n');
    await vi.waitFor(async () => {
      expect((await stateOf(agent)).problem).toContain(
        'defaultNetworkPosture: expected block, audit or allow',
      );
    }, WAIT_MS);
    expect((await attempts.next()).value).toMatch(/Permission denied|not permitted/);

    configure(agent, 'defaultNetworkPosture: audit\ncluster: other\nk8s: true\n');
    await vi.waitFor(async () => {
      expect((await attempts.next()).value).toContain('Connection refused');
    }, WAIT_MS);
    const { problem, awaitRestart, warnings } = await stateOf(agent);
    expect([problem, awaitRestart]).toEqual([undefined, ['cluster']]);
    expect(warnings.join()).toContain('k8s: no effect here');
    await attempts.return();
  });

  it('ends the start with an error that names the source', () => {
    const env = { ...process.env, VISIBILITY: 'proces' };
    const { status, stderr } = spawnSync(process.execPath, [places.kubearmor, 'agent'], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^kubearmor: SETTING_INVALID: environment VISIBILITY: expected .*, got "proces"\n$/,
    );
  });

  it.skipIf(!existsSync(CLIENT))('sends what the agent logs as messages, with debug alone', async () => {
    await using agent = await AgentProcess.start({
      configuration: 'debug: false\n',
      flags: ['--gRPC', '0', '--gRPCHealthPort', 'none'],
    });
    const address = `127.0.0.1:${readFileSync(join(agent.directory, 'run/grpc.port'), 'utf8').trim()}`;
    const client = spawn(CLIENT, [address, 'messages', '', '1'], { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void client.kill());
    const lines = createInterface(client.stdout)[Symbol.asyncIterator]();
    await createInterface(client.stderr)[Symbol.asyncIterator]().next();
    configure(agent, 'debug: false\ncluster: other\n');
    await vi.waitFor(async () => {
      expect((await stateOf(agent)).awaitRestart).toEqual(['cluster']);
    }, WAIT_MS);
    configure(agent, 'debug: true\n');
    await vi.waitFor(() => {
      expect(agent.log()).toContain('"settings":["debug"]');
    }, WAIT_MS);
    agent.writePolicies('udp-only.yaml', `${UDP_ONLY}\nnonsense: true\n`);
    const first = z.string().parse((await lines.next()).value);
    expect(JSON.parse(first)).toMatchObject({
      Type: 'Message',
      Level: expect.stringMatching(/INFO|ERROR|WARN|DEBUG/) as unknown,
    });
    expect(first).not.toContain('wait for a restart');
  });
});
