import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from './agent/agent-process.ts';
import { karmor, KarmorChild, type KarmorResult } from './karmor/karmor-child.ts';
import { until } from './until.ts';

const TEST_MS = 120_000;
const FLAGS = ['--gRPC', '0', '--gRPCHealthPort', 'none', '--visibility', 'process'];

const keepHosts = `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: keep-hosts, namespace: one }
spec: # who may read it
  selector: { matchLabels: { app: web } }
  severity: 7
  message: "three dashes --- in a text"
  file: { matchPaths: [{ path: /etc/hosts }] }
  action: Block
`;
const noSleep = `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: no-sleep, namespace: two }
spec:
  selector: { matchLabels: { app: db } }
  process: { matchPaths: [{ path: /bin/sleep }] }
  action: Block
`;
const hostPolicy = `kind: KubeArmorHostPolicy
metadata: { name: h }
spec: { nodeSelector: { matchLabels: { a: b } }, file: { matchPaths: [{ path: /nowhere/x }] } }
`;

describe('karmor, to an agent', { timeout: TEST_MS }, () => {
  let agent: AgentProcess;
  let here: readonly string[];
  let file = '';

  beforeAll(async () => {
    agent = await AgentProcess.start({ flags: FLAGS });
    here = ['--run-dir', join(agent.directory, 'run')];
    file = join(agent.directory, 'given.yaml');
    agent.writePolicies('hosts.yaml', keepHosts);
    agent.writePolicies('sleep.yaml', noSleep);
    await agent.untilStatus('both policies', ({ policies }) => policies.length === 2);
  }, TEST_MS);

  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
  });

  const run = async (name: string, namespace: string, command: string): Promise<KarmorResult> =>
    karmor([
      'run',
      ...here,
      ...['--name', name, '--namespace', namespace, '--label', `app=${name}`],
      ...['--', '/bin/sh', '-c', command],
    ]);
  const readHosts = (): Promise<KarmorResult> => run('web', 'one', 'cat /etc/hosts');
  const sleepOnce = (): Promise<KarmorResult> => run('db', 'two', '/bin/sleep 0');
  const watching = async (...flags: string[]): Promise<KarmorChild> => {
    const child = new KarmorChild(['logs', ...here, ...flags]);
    await child.untilWritten('stderr', /Started to watch (alerts|logs)/);
    return child;
  };

  it('logs: writes an alert as text, and ends with 0 when it is interrupted', async () => {
    await using logs = await watching();
    await readHosts();
    await logs.untilWritten('stdout', /\nUID: 0\n/);
    logs.interrupt();
    const { status, stdout, stderr } = await logs.result();
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^== Alert \/ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} ==$/);
    const names = lines.slice(1, -1).map((line) => line.replace(/:.*/, ''));
    const leading = [
      'ClusterName',
      'HostName',
      'NamespaceName',
      'PodName',
      'Labels',
      'ContainerName',
      'ContainerID',
    ];
    expect(names.slice(0, leading.length)).toEqual(leading);
    expect(lines).toContain('Message: three dashes --- in a text');
    expect(lines).toContain('Action: Block');
    expect(lines).toContain('Resource: /etc/hosts');
    expect(stderr).toMatch(/^Created a gRPC client \(unix:.*\)\nChecked the liveness of the gRPC server\n/);
  });

  // Of two alerts the first is of another namespace, operation, container, resource, source and label.
  const filters = [
    ['--namespace', '^TWO$'],
    ['--operation', 'process'],
    ['--container', 'D.'],
    ['--pod', '^Db$'],
    ['--resource', '/sleep 0$'],
    ['--source', '^/(usr/)?bin/(da)?sh'],
    ['--labels', 'x=y,app=db'],
    ['--logType', 'matchedpol', '--operation', 'Network|Process'],
  ];

  it('logs: every filter passes over what does not match', async () => {
    await using nothing = await watching('--namespace', 'three', '--json');
    const all = await Promise.all(filters.map((flags) => watching(...flags, '--json', '--limit', '1')));
    await readHosts();
    await sleepOnce();
    for (const [index, logs] of all.entries()) {
      const { status } = await logs.result();
      expect(status, filters[index]?.join(' ')).toBe(0);
      expect(logs.json, filters[index]?.join(' ')).toMatchObject([
        { PolicyName: 'no-sleep', Operation: 'Process' },
      ]);
    }
    expect(nothing.stdout).toBe('');
  });

  it('logs: follows what workloads do', async () => {
    const flags = ['--logFilter', 'system', '--logType', 'containerlog', '--operation', 'Process'];
    await using logs = await watching(...flags, '--resource', 'echo seen', '--json');
    // What happens before the kernel was told that somebody watches is not seen.
    const seen = await until(
      async () => {
        await run('web', 'one', '/bin/echo seen; /bin/echo unseen');
        return logs.json[0];
      },
      { timeoutMs: 30_000 },
    );
    expect(seen).toMatchObject({ Type: 'ContainerLog', PodName: 'web', Result: 'Passed' });
    expect(logs.stdout).not.toContain('"Resource":"/bin/echo unseen"');
  });

  it('logs: writes indented JSON to a file', async () => {
    const path = join(agent.directory, 'written.json');
    await using logs = await watching('--logPath', path, '-o', 'pretty-json', '--limit', '1');
    await readHosts();
    expect(await logs.result()).toMatchObject({ status: 0, stdout: '' });
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^\{\n {2}"Timestamp": \d+,\n/);
    expect(JSON.parse(text)).toMatchObject({
      PolicyName: 'keep-hosts',
      Severity: '7',
      Result: 'Permission denied',
    });
  });

  it('vm policy: adds and deletes every policy of a file', async () => {
    writeFileSync(
      file,
      `---\n${keepHosts.replace('keep-hosts', 'pushed')}---\n---\n${noSleep.replace('no-sleep', 'other')}`,
    );
    const added = await karmor(['vm', 'policy', 'add', file, ...here]);
    expect(added).toMatchObject({ status: 0, stdout: 'Policy Applied \nPolicy Applied \n' });
    const list = await karmor(['policy', 'list', ...here]);
    expect(list.stdout).toMatch(/^KubeArmorPolicy\/one\/pushed +gRPC/m);
    expect(list.stdout).toMatch(/^KubeArmorPolicy\/one\/keep-hosts +hosts\.yaml/m);
    const got = await karmor(['policy', 'get', 'pushed', ...here]);
    expect(got.stdout).toContain('name: pushed\n');
    const deleted = await karmor(['vm', 'policy', 'delete', file, ...here, '--json']);
    expect(deleted.status).toBe(0);
    expect(deleted.stdout.split('\n')[0]).toBe(
      '{"key":"KubeArmorPolicy/one/pushed","status":"Deleted","isDone":true}',
    );
    const again = await karmor(['vm', 'policy', 'delete', file, ...here]);
    expect(again).toMatchObject({ status: 1, stdout: 'Policy NotExist \nPolicy NotExist \n' });
    expect(again.stderr).toContain('POLICY_REFUSED: KubeArmorPolicy/one/pushed');
  });

  it('vm policy: sends nothing of a file in which one policy is wrong', async () => {
    writeFileSync(file, `${keepHosts.replace('keep-hosts', 'good')}---\n${noSleep.replace('Block', 'Blok')}`);
    const { status, stdout, stderr } = await karmor(['vm', 'policy', 'add', file, ...here]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/given\.yaml:17:\d+: .*expected .*Blok/);
    expect((await agent.status()).policies).toHaveLength(2);
  });

  it('vm policy: says what cannot be pushed', async () => {
    writeFileSync(file, 'kind: KubeArmorClusterPolicy\nmetadata: { name: c }\n');
    expect(await karmor(['vm', 'policy', 'add', file, ...here])).toMatchObject({ status: 1, stdout: '' });
    writeFileSync(file, 'kind: KubeArmorNetworkPolicy\nmetadata: { name: n }\nspec: {}\n');
    const network = await karmor(['vm', 'policy', 'add', file, ...here]);
    expect(network).toMatchObject({ status: 1, stdout: 'Policy NotEnabled \n' });
    writeFileSync(file, hostPolicy);
    const host = await karmor(['vm', 'policy', 'delete', file, ...here]);
    expect(host).toMatchObject({ status: 1, stdout: 'Policy NotExist \n' });
  });

  it('takes back what is not confirmed, and keeps what is', async () => {
    writeFileSync(file, keepHosts.replace('keep-hosts', 'tried'));
    const tried = await karmor(['vm', 'policy', 'add', file, '--confirm', '2s', ...here]);
    expect(tried).toMatchObject({ status: 0, stdout: 'Policy Applied \n' });
    expect(tried.stderr).toContain('karmor policy confirm');
    await agent.untilStatus('the policy gone', ({ policies }) => policies.length === 2);
    await karmor(['vm', 'policy', 'add', file, '--confirm', '1h', ...here]);
    expect((await karmor(['policy', 'list', ...here])).stdout).toMatch(/one\/tried +gRPC .*T.*Z/);
    const confirmed = await karmor(['policy', 'confirm', ...here]);
    expect(confirmed).toMatchObject({ status: 0, stdout: 'confirmed KubeArmorPolicy/one/tried\n' });
    expect(await karmor(['policy', 'confirm', 'KubeArmorPolicy/one/tried', ...here])).toMatchObject({
      status: 1,
    });
    expect((await karmor(['policy', 'list', ...here])).stdout).toMatch(/one\/tried +gRPC +- +-\n/);
    await karmor(['vm', 'policy', 'delete', file, ...here]);
  });

  it('explain: says which rule decides about a workload that runs', async () => {
    const flags = ['--name', 'db', '--namespace', 'two', '--label', 'app=db'];
    await using scope = new KarmorChild(['run', ...here, ...flags, '--', '/bin/sh', '-c', 'echo up; read x']);
    await scope.untilWritten('stdout', /up/);
    const denied = await karmor(['policy', 'explain', ...here, '--workload', 'db', '--exec', 'sleep', '5']);
    expect(denied).toMatchObject({ status: 0, stderr: '' });
    expect(denied.stdout).toMatch(/^verdict +deny$/m);
    expect(denied.stdout).toMatch(/^decided by +KubeArmorPolicy\/two\/no-sleep#process\.matchPaths\[0\]$/m);
    const passed = await karmor([
      'policy',
      'explain',
      ...here,
      '--workload',
      'two/db',
      '--open',
      '/etc/hosts',
      '--json',
    ]);
    expect(JSON.parse(passed.stdout)).toMatchObject({
      decision: { verdict: 'pass' },
      policies: ['KubeArmorPolicy/two/no-sleep'],
    });
    const unknown = await karmor(['policy', 'explain', ...here, '--workload', 'nobody', '--exec', 'sleep']);
    expect(unknown).toMatchObject({ status: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/^karmor: WORKLOAD_UNKNOWN: nobody: .*two\/db/);
    // The engine and the kernel say the same.
    scope.feed('\n');
    expect((await scope.result()).status).toBe(0);
    expect((await sleepOnce()).stderr).toMatch(/Permission denied|not permitted/);
  });

  it('probe: reports in the layout of systemd mode, and as JSON', async () => {
    await using scope = new KarmorChild([
      'run',
      ...here,
      '--name',
      'web',
      '--namespace',
      'one',
      '--label',
      'app=web',
      '--',
      '/bin/sh',
      '-c',
      'echo up; read x',
    ]);
    await scope.untilWritten('stdout', /up/);
    const { status, stdout } = await karmor(['probe', ...here]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^\nFound KubeArmor running in Systemd mode \n\nHost : \n \tOS Image: {17}\t.+\t\n/,
    );
    expect(stdout).toContain(
      '| CONTAINER NAME |   POLICY   |\n+----------------+------------+\n| web            | keep-hosts |\n',
    );
    const json: unknown = JSON.parse((await karmor(['probe', '--format', 'json', ...here])).stdout);
    expect(json).toMatchObject({
      'Probe Data': { ArmoredContainers: { web: ['keep-hosts'] }, Host: { ActiveLSM: 'Guard' } },
    });
  });

  it('status and version: tell of the agent', async () => {
    const status = await karmor(['status', ...here]);
    expect(status).toMatchObject({ status: 0, stderr: '' });
    expect(status.stdout).toMatch(/^enforcer +Guard/m);
    expect((await karmor(['version', ...here])).stdout).toMatch(/\nkubearmor version \(running\) \d/);
  });

  it('ends with 1 and a code where nobody answers', async () => {
    const nowhere = ['--run-dir', join(agent.directory, 'nowhere')];
    for (const [code, ...args] of [
      ['SERVER_UNREACHABLE', 'logs'],
      ['SERVER_UNREACHABLE', 'probe'],
      ['AGENT_UNAVAILABLE', 'status'],
      ['AGENT_UNAVAILABLE', 'policy', 'list'],
    ] as const) {
      const { status, stderr } = await karmor([...args, ...nowhere]);
      expect({ args, status }).toEqual({ args, status: 1 });
      expect(stderr).toContain(`karmor: ${code}: `);
    }
    const service = await karmor(['logs'], { KUBEARMOR_SERVICE: '127.0.0.1:1' });
    expect(service.stderr).toContain('SERVER_UNREACHABLE: 127.0.0.1:1');
  });

  it('leaves no workload behind', async () => {
    await until(async () => ((await agent.status()).workloads.length === 0 ? true : undefined), {
      timeoutMs: 10_000,
    });
    expect((await agent.status()).workloads).toEqual([]);
  });
});
