import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { AgentProcess } from './agent/agent-process.ts';
import { places } from './places.ts';

const KARMOR = `${places.root}apps/karmor/bin/karmor`;
const CLIENT = `${places.root}build/stock-client`;
const TEST_MS = 120_000;
const WAIT_MS = 20_000;

const UDP_ONLY = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: udp-only, namespace: container_namespace }
spec:
  selector: { matchLabels: { app: web } }
  network: { matchProtocols: [{ protocol: udp }] }
  action: Allow
`;

const NOT_BY_CAT = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: not-by-cat, namespace: container_namespace }
spec:
  selector: { matchLabels: { app: web } }
  file: { matchPaths: [{ path: /etc/hostname, fromSource: [{ path: /usr/bin/cat }] }] }
  action: Block
`;

const toldSchema = z.object({
  Type: z.string(),
  Operation: z.string(),
  ProcessName: z.string().default(''),
  Source: z.string().optional(),
  Resource: z.string().optional(),
});

const enforcerSchema = z.object({
  reason: z.string(),
  considered: z.array(z.object({ enforcer: z.string(), isTaken: z.boolean() })),
});

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
  const shell = spawn(KARMOR, [...flags, '--', '/bin/bash', '--norc', '-c', script], {
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

  it('says where processes are read, what logs leave out, and which enforcers are tried', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-proc-'));
    onTestFinished(() => {
      spawnSync('umount', [proc]);
      rmdirSync(proc);
    });
    expect(spawnSync('mount', ['-t', 'proc', 'proc', proc]).status).toBe(0);
    await using agent = await AgentProcess.start({
      configuration: `procfsMount: ${proc}\ndropResourceFromProcessLogs: true\nlsm: bpf,apparmor\n`,
      flags: ['--logFilter', 'all'],
    });
    agent.writePolicies('not-by-cat.yaml', NOT_BY_CAT);
    await agent.untilStatus('the policy', ({ policies }) => policies.length === 1);
    const scope = ['run', '--socket', agent.socket, '--name', 'web', '--label', 'app=web', '--'];
    const script = 'read -r line < /etc/hostname && cat /etc/hostname';
    const ran = spawnSync(KARMOR, [...scope, '/bin/bash', '--norc', '-c', script], { encoding: 'utf8' });
    expect(ran.stderr).toMatch(/^cat: .*(Permission denied|not permitted)\n$/);
    // A mount that shows other processes, or none, is none.
    const elsewhere = spawnSync(process.execPath, [places.kubearmor, 'agent', '--procfsMount', '/sys']);
    expect(elsewhere.stderr.toString()).toMatch(
      /^kubearmor: SETTING_INVALID: procfsMount \/sys: expected procfs/,
    );

    const file = join(agent.directory, 'alerts.json');
    const told = (): readonly z.infer<typeof toldSchema>[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => toldSchema.parse(JSON.parse(line)));
    await vi.waitFor(() => {
      const cat = told().find(
        ({ ProcessName, Type, Operation }) =>
          /cat$/.test(ProcessName) && Type === 'ContainerLog' && Operation === 'Process',
      );
      expect(cat?.Source).toMatch(/bash$/);
      expect(cat?.Resource).toBeUndefined();
    }, WAIT_MS);
    expect(
      told().some(({ Operation, Resource }) => Operation === 'File' && Resource === '/etc/hostname'),
    ).toBe(true);

    const { enforcer } = z.object({ enforcer: enforcerSchema }).parse(await agent.call('status'));
    expect(enforcer.reason).toContain('lsm does not name guard');
    expect(enforcer.considered.map(({ enforcer: name, isTaken }) => `${name} ${isTaken}`)).toEqual([
      'bpf false',
      'apparmor false',
      'selinux false',
      'guard true',
    ]);
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
