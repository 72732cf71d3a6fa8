import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { release } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { probeCapabilities } from '@kubearmor/kernel';
import { chooseEnforcer } from '../../../apps/kubearmor/dist/agent/choice.js';
import { AgentProcess } from '../../agent/agent-process.ts';
import type { SeenAlert } from '../../agent/alert-file.ts';
import { until } from '../../until.ts';
import { karmorRun } from '../guest/karmor-run.ts';
import { machineState, type MachineState } from '../guest/machine-state.ts';

const policy = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: web, namespace: vm }
spec:
  selector: { matchLabels: { app: web } }
  process: { matchPaths: [{ path: /usr/bin/sleep }] }
  file: { matchPaths: [{ path: /etc/shadow }], matchDirectories: [{ dir: /etc/ssl/, recursive: true, readOnly: true }] }
  network: { matchProtocols: [{ protocol: tcp, fromSource: [{ path: /usr/bin/bash }] }] }
  action: Block
`;

/** What is tried, what it must not say, and what the alert says of it. */
const refusals = [
  {
    what: 'an exec',
    command: 'sleep 0',
    operation: 'Process',
    resource: '/usr/bin/sleep',
    rule: 'process.matchPaths[0]',
  },
  {
    what: 'an open',
    command: 'read line < /etc/shadow',
    operation: 'File',
    resource: '/etc/shadow',
    rule: 'file.matchPaths[0]',
  },
  {
    what: 'a write',
    command: 'echo >> /etc/ssl/openssl.cnf',
    operation: 'File',
    resource: '/etc/ssl/openssl.cnf',
    rule: 'file.matchDirectories[0]',
  },
  {
    what: 'a connection',
    command: 'exec 3<>/dev/tcp/127.0.0.1/$PORT',
    operation: 'Network',
    resource: 'AF_INET',
    rule: 'network.matchProtocols[0]',
  },
] as const;

const choice = chooseEnforcer(probeCapabilities());

describe(`the guard on ${release()}`, { skip: choice.kind === 'none' && choice.reason }, () => {
  let untouched: MachineState;
  let agent: AgentProcess;
  let server: Server;
  let tried: Tries;

  before(async () => {
    untouched = machineState();
    server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    process.env['PORT'] = typeof address === 'object' ? String(address?.port) : '';
    agent = await AgentProcess.start();
    agent.writePolicies('web.yaml', policy);
    await agent.untilStatus('the policy', ({ policies }) => policies.length === 1);
    tried = tryAll(agent, 'web');
  });

  after(async () => {
    server.close();
    await agent[Symbol.asyncDispose]();
  });

  for (const { what, operation, resource, rule } of refusals) {
    it(`refuses ${what} and tells the rule`, async () => {
      const said = tried.get(what);
      assert.match(said?.text ?? '', /Operation not permitted|Permission denied/);
      assert.notEqual(said?.status, 0);
      const alert = await alertOf((each) => each.operation === operation && each.rule.includes(rule));
      assert.equal(alert?.policyName, 'web', agent.log());
      assert.equal(alert.result, 'Permission denied');
      assert.ok(alert.resource.includes(resource), alert.resource);
    });
  }

  it('lets a workload of another label do the same', () => {
    const free = tryAll(agent, 'free');
    for (const { what } of refusals) assert.deepEqual(free.get(what), { status: 0, text: '' });
  });

  it('leaves nothing behind when it is released', async () => {
    await agent[Symbol.asyncDispose]();
    const left = await until(() => (isSame(machineState(), untouched) ? true : undefined), {
      timeoutMs: 5000,
    });
    if (left === undefined) assert.deepEqual(machineState(), untouched);
    assert.equal(existsSync(agent.pins), false);
  });

  async function alertOf(isIt: (alert: SeenAlert) => boolean): Promise<SeenAlert | undefined> {
    return until(() => agent.alerts.read().find(isIt), { timeoutMs: 3000 });
  }
});

function isSame(a: MachineState, b: MachineState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** How each of the refusals' commands ended, by what it is. */
type Tries = ReadonlyMap<string, { readonly status: number; readonly text: string }>;

// All in one workload: under emulation every start of karmor takes long.
function tryAll(agent: AgentProcess, name: string): Tries {
  const commands = refusals.map(({ command }) => `(${command}) 2>&1; printf '\\036%d\\035' $?`);
  const { stdout, stderr } = karmorRun(agent, name, commands.join('; '));
  const parts = stdout.split('\x1d');
  assert.equal(parts.length, refusals.length + 1, `${stdout}${stderr}${agent.log()}`);
  return new Map(
    refusals.map(({ what }, index) => {
      const [text = '', status] = (parts[index] ?? '').split('\x1e');
      return [what, { status: Number(status), text }];
    }),
  );
}
