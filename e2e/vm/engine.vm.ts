import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { EnginePrograms, type EngineEvent, RootResolver } from '@kubearmor/enforcers';
import { close, open, openFlags } from '@kubearmor/kernel';
import { bind, compile, parsePolicy, type BoundRuleSet } from '@kubearmor/policy';
import { places } from '../places.ts';
import { LabelledShell } from './engine/labelled-shell.ts';
import { hasHelper } from './guest/has-helper.ts';
import { securityModules } from './guest/security-modules.ts';

const skip = !hasHelper('loop')
  ? 'this kernel has no helper bpf_loop'
  : !securityModules().includes('bpf')
    ? 'this kernel runs without the security module bpf'
    : false;

const WORKLOAD = 5;
let slots = 0;

function boundTo(spec: object): BoundRuleSet {
  const { policies, problems } = parsePolicy(
    { kind: 'KubeArmorPolicy', metadata: { name: 'p', namespace: 'vm' }, spec },
    { file: 'test.yaml' },
  );
  assert.deepEqual(problems, []);
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  const root = open('/', O_PATH | O_CLOEXEC | O_DIRECTORY);
  try {
    const postures = { file: 'block', network: 'block', capabilities: 'block', device: 'block' } as const;
    return bind(compile(policies, postures), new RootResolver(root));
  } finally {
    close(root);
  }
}

describe('the LSM programs', { skip }, () => {
  let programs: EnginePrograms;
  let shell: LabelledShell;
  let rules: BoundRuleSet;

  const put = (spec: object): void => {
    rules = boundTo(spec);
    programs.apply({ workload: WORKLOAD, slot: ++slots, bound: rules, onError: 'deny', isAudited: false });
    programs.alerts();
  };
  const named = (events: readonly EngineEvent[]): readonly string[] =>
    events.map(
      ({ rule, isDenied, path }) =>
        `${isDenied ? 'deny' : 'pass'} ${rules.rules[rule]?.rule.id.replace(/^.*#/, '') ?? rule} ${path}`,
    );

  before(() => {
    mkdirSync('/tmp/engine/d/e', { recursive: true });
    for (const name of ['a', 'b', 'd/x', 'd/e/y.key']) writeFileSync(`/tmp/engine/${name}`, 'content\n');
    programs = new EnginePrograms(places.objects);
    programs.attach();
    shell = new LabelledShell(programs, WORKLOAD);
  });

  after(() => {
    shell[Symbol.dispose]();
    programs[Symbol.dispose]();
  });

  it('let everything pass while a workload has no rules', async () => {
    assert.equal((await shell.run('cat /tmp/engine/a')).output, 'content');
  });

  it('refuse what rules about files block, and nobody else', async () => {
    put({
      file: {
        matchPaths: [{ path: '/tmp/engine/a' }, { path: '/tmp/engine/b', readOnly: true }],
        matchDirectories: [{ dir: '/tmp/engine/d/' }],
        matchPatterns: [{ pattern: '/tmp/engine/**/*.key' }],
      },
      action: 'Block',
    });
    assert.match((await shell.run('cat /tmp/engine/a')).output, /Permission denied/);
    assert.equal((await shell.run('cat /tmp/engine/b')).output, 'content');
    assert.match((await shell.run('echo x > /tmp/engine/b')).output, /Permission denied/);
    assert.match((await shell.run('cat /tmp/engine/d/x')).output, /Permission denied/);
    assert.match((await shell.run('cat /tmp/engine/d/e/y.key')).output, /Permission denied/);
    assert.equal((await shell.run('cat /etc/hostname')).status, 0);
    assert.deepEqual(named(programs.alerts()), [
      'deny file.matchPaths[0] /tmp/engine/a',
      'deny file.matchPaths[1] /tmp/engine/b',
      'deny file.matchDirectories[0] /tmp/engine/d/x',
      'deny file.matchPatterns[0] /tmp/engine/d/e/y.key',
    ]);
  });

  it('know a task whatever namespaces it makes and however it is forked', async () => {
    for (const command of [
      'unshare -m',
      'unshare -p -f',
      'unshare -U -r',
      'unshare -Urm',
      'setsid',
      'nohup',
      'env',
    ]) {
      const { output } = await shell.run(`${command} cat /tmp/engine/a`);
      assert.match(output, /Permission denied/, command);
    }
    assert.match((await shell.run('(cat /tmp/engine/a)')).output, /Permission denied/);
  });

  it('refuse programs by their path and by their name, with the rule that did', async () => {
    put({
      process: { matchPaths: [{ path: '/usr/bin/id' }, { execname: 'uptime' }] },
      action: 'Block',
    });
    assert.equal((await shell.run('/usr/bin/id')).status, 126);
    assert.equal((await shell.run('uptime')).status, 126);
    assert.equal((await shell.run('true && /usr/bin/env true')).status, 0);
    assert.deepEqual(
      named(programs.alerts()).map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['deny process.matchPaths[0]', 'deny process.matchPaths[1]'],
    );
  });

  it('limit rules to sources, of programs that ran before the rules, too', async () => {
    put({
      file: { matchPaths: [{ path: '/tmp/engine/a', fromSource: [{ path: '/usr/bin/cat' }] }] },
      action: 'Block',
    });
    assert.match((await shell.run('cat /tmp/engine/a')).output, /Permission denied/);
    assert.equal((await shell.run('head -1 /tmp/engine/a')).output, 'content');
    put({
      file: { matchPaths: [{ path: '/tmp/engine/a', fromSource: [{ path: '/bin/bash' }] }] },
      action: 'Block',
    });
    assert.match((await shell.run('read line < /tmp/engine/a')).output, /Permission denied/);
    assert.equal((await shell.run('cat /tmp/engine/a')).output, 'content');
  });

  it('refuse sockets and capabilities', async () => {
    put({
      network: { matchProtocols: [{ protocol: 'udp' }] },
      capabilities: { matchCapabilities: [{ capability: 'sys_chroot' }] },
      action: 'Block',
    });
    assert.match((await shell.run('echo > /dev/udp/127.0.0.1/9')).output, /Permission denied/);
    assert.match((await shell.run('echo > /dev/tcp/127.0.0.1/9')).output, /refused/);
    assert.match((await shell.run('chroot / true')).output, /not permitted/);
    assert.deepEqual(
      named(programs.alerts()).map((line) => line.split(' ')[1]),
      ['network.matchProtocols[0]', 'capabilities.matchCapabilities[0]'],
    );
  });

  it('put an allow-list in force by the posture', async () => {
    put({
      file: {
        matchDirectories: ['/usr/', '/etc/', '/lib/', '/proc/', '/dev/'].map((dir) => ({
          dir,
          recursive: true,
        })),
      },
      action: 'Allow',
    });
    assert.equal((await shell.run('cat /etc/hostname')).status, 0);
    assert.match((await shell.run('cat /tmp/engine/b')).output, /Permission denied/);
    assert.deepEqual(
      programs.alerts().map(({ rule, path }) => [rule, path]),
      [[0x3fff_fffe, '/tmp/engine/b']],
    );
  });
});
