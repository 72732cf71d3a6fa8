import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { probeCapabilities } from '@kubearmor/kernel';
import { chooseEnforcer } from '../../../apps/kubearmor/dist/agent/choice.js';
import { AgentProcess } from '../../agent/agent-process.ts';
import type { SeenAlert } from '../../agent/alert-file.ts';
import { until } from '../../until.ts';
import { guardProcesses } from '../guest/guard-processes.ts';
import { machineState, type MachineState } from '../guest/machine-state.ts';
import { run, type Ended } from '../guest/run.ts';
import { Service } from '../guest/service.ts';

const SECRET = '/etc/vm-secret';
const SAID = '/run/vm-said';
const QUIET = ['--visibility', 'none', '--hostVisibility', 'none'];

const unitPolicy = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: unit, namespace: systemd }
spec:
  selector: { matchExpressions: [{ key: label, operator: In, values: [unit=vm-reader.service, unit=vm-runner.service] }] }
  file: { matchPaths: [{ path: ${SECRET} }] }
  process: { matchPaths: [{ path: /usr/bin/id }] }
  action: Block
`;
const hostPolicy = (program: string): string => `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorHostPolicy
metadata: { name: host }
spec:
  nodeSelector: { matchLabels: { kubearmor.io/hostname: "*" } }
  process: { matchPaths: [{ path: ${program} }] }
  action: Block
`;

/** A command that leaves what it said, and how it ended, in a file of the service's name. */
const saying = (command: string, name: string): string =>
  `/bin/sh -c '${command} > ${SAID}/${name} 2>&1; echo "status $?" >> ${SAID}/${name}'`;
const said = (name: string): string => readFileSync(`${SAID}/${name}`, 'utf8');

const choice = chooseEnforcer(probeCapabilities());
const skip =
  choice.kind === 'none'
    ? choice.reason
    : existsSync('/run/systemd/system')
      ? false
      : 'systemd does not run here';

describe(`units and the host on ${release()}`, { skip }, () => {
  let untouched: MachineState;
  let agent: AgentProcess;
  let reader: Service;
  let runner: Service;
  let other: Service;
  /** How long a service takes where nobody watches. */
  let unwatchedMs: number;

  before(async () => {
    mkdirSync(SAID, { recursive: true });
    writeFileSync(SECRET, 'secret\n');
    reader = new Service('vm-reader', saying(`cat ${SECRET}`, 'reader'), ['Type=oneshot']);
    // Of this type it has started once its program has been executed.
    runner = new Service('vm-runner', '/usr/bin/id', ['Type=exec']);
    other = new Service('vm-other', saying(`cat ${SECRET}`, 'other'), ['Type=oneshot']);
    run(['systemctl', 'daemon-reload']);
    other.start();
    unwatchedMs = other.start().milliseconds;
    untouched = machineState();
    agent = await AgentProcess.start({ flags: QUIET });
    agent.writePolicies('unit.yaml', unitPolicy);
    await agent.untilStatus('both units', ({ workloads }) => workloads.length === 2);
  });

  after(async () => {
    await agent[Symbol.asyncDispose]();
    for (const service of [reader, runner, other]) service.remove();
    for (const path of [SAID, SECRET]) rmSync(path, { recursive: true, force: true });
  });

  it('refuse a unit a file when it is first started, and when it is again', async () => {
    assert.equal(reader.start().isStarted, true, agent.log());
    assert.match(said('reader'), /Operation not permitted\nstatus 1/);
    reader.restart();
    assert.match(said('reader'), /Operation not permitted\nstatus 1/);
    const alert = await alertOf(({ operation }) => operation === 'File');
    assert.equal(alert?.policyName, 'unit');
    assert.ok(alert.resource.includes(SECRET), alert.resource);
  });

  it('do not start a unit whose program it may not execute', async () => {
    assert.equal(runner.start().isStarted, false);
    assert.equal(runner.property('ExecMainStatus'), '203');
    assert.equal((await alertOf(({ operation }) => operation === 'Process'))?.policyName, 'unit');
  });

  it('leave another unit alone, which starts as before', (test) => {
    assert.equal(other.start().isStarted, true);
    assert.match(said('other'), /secret\nstatus 0/);
    const { milliseconds } = other.start();
    test.diagnostic(`a start took ${unwatchedMs} ms, and ${milliseconds} ms while files are watched`);
    assert.ok(milliseconds < 10 * unwatchedMs + 1000, `${milliseconds} ms, ${unwatchedMs} ms before`);
  });

  it('refuse the host what its policy says within seconds, and nothing else', async (test) => {
    assert.equal(run(['whoami']).stdout, 'root\n');
    const sinceMs = performance.now();
    agent.writePolicies('host.yaml', hostPolicy('/usr/bin/whoami'));
    assert.ok(await untilRefused(), agent.log());
    const tookMs = Math.round(performance.now() - sinceMs);
    test.diagnostic(`in force after ${tookMs} ms`);
    assert.ok(tookMs < 20_000, `${tookMs} ms`);
    assert.equal(run(['cat', SECRET]).stdout, 'secret\n');
    assert.equal(other.start().isStarted, true);
    assert.equal((await alertOf(({ policyName }) => policyName === 'host'))?.operation, 'Process');
  });

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    it(`keep the machine going when who answers gets ${signal}, and judge again`, async (test) => {
      const { answerer } = guardProcesses(agent);
      process.kill(answerer, signal);
      // Whether it is refused or not meanwhile: nobody waits for longer than it takes to see that nobody answers.
      const sinceMs = performance.now();
      assert.equal(run(['cat', SECRET]).stdout, 'secret\n');
      const waitedMs = Math.round(performance.now() - sinceMs);
      assert.ok(
        await until(() => guardProcesses(agent).answerer !== answerer || undefined, { timeoutMs: 5000 }),
      );
      assert.ok(await untilRefused(), agent.log());
      test.diagnostic(`who read a file waited ${waitedMs} ms`);
      assert.ok(waitedMs < 10_000, `${waitedMs} ms`);
      assert.equal(other.start().isStarted, true);
      reader.start();
      assert.match(said('reader'), /Operation not permitted\nstatus 1/);
    });
  }

  it('are not put under a policy that locks the machine out: the one before stays', async () => {
    agent.writePolicies('host.yaml', hostPolicy('/usr/bin/bash'));
    await agent.untilStatus('a refusal', ({ problems }) =>
      problems.some(({ message }) => /lock/.test(message)),
    );
    assert.equal(run(['bash', '-c', 'echo in']).stdout, 'in\n');
    assert.equal(refused().status, undefined);
  });

  it('are as they were once the guard is released', async () => {
    await agent[Symbol.asyncDispose]();
    assert.equal(run(['whoami']).stdout, 'root\n');
    reader.start();
    assert.match(said('reader'), /secret\nstatus 0/);
    const isAsBefore = await until(() => isSame(machineState(), untouched) || undefined, { timeoutMs: 5000 });
    if (isAsBefore === undefined) assert.deepEqual(machineState(), untouched);
  });

  const refused = (): Ended => run(['whoami']);

  async function untilRefused(): Promise<true | undefined> {
    return until(() => refused().status === undefined || undefined, { timeoutMs: 5000, everyMs: 100 });
  }

  async function alertOf(isIt: (alert: SeenAlert) => boolean): Promise<SeenAlert | undefined> {
    return until(() => agent.alerts.read().find(isIt), { timeoutMs: 3000 });
  }
});

function isSame(a: MachineState, b: MachineState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
