import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
    programs.attach(0xff);
    shell = new LabelledShell(programs, WORKLOAD);
  });

  after(() => {
    shell[Symbol.dispose]();
    programs[Symbol.dispose]();
    rmSync('/tmp/engine', { recursive: true, force: true });
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

  it('refuse changes of names, and of directories above them', async () => {
    put({
      file: {
        matchPaths: [{ path: '/tmp/engine/a' }, { path: '/tmp/engine/d/e/y.key', readOnly: true }],
        matchDirectories: [{ dir: '/tmp/engine/new/' }],
      },
      action: 'Block',
    });
    const refused = [
      'rm /tmp/engine/a',
      'mv /tmp/engine/a /tmp/engine/c',
      'mv /tmp/engine/b /tmp/engine/a',
      'ln /tmp/engine/a /tmp/engine/c',
      'chmod 600 /tmp/engine/a',
      'chown 0 /tmp/engine/a',
      'truncate -s 0 /tmp/engine/a',
      'mv /tmp/engine/d /tmp/engine/moved',
      'mv /tmp/engine /tmp/moved',
      'rm /tmp/engine/d/e/y.key',
      'mkdir /tmp/engine/new',
      'touch /tmp/engine/new',
      'ln -s /x /tmp/engine/new',
    ];
    for (const command of refused) {
      const { output } = await shell.run(command);
      assert.match(output, /Permission denied/, command);
    }
    assert.equal((await shell.run('cat /tmp/engine/d/e/y.key')).output, 'content');
    const passed = [
      'touch /tmp/engine/c',
      'mv /tmp/engine/c /tmp/engine/f',
      'rm /tmp/engine/f',
      'mkdir /tmp/engine/g',
      'rmdir /tmp/engine/g',
    ];
    for (const command of passed) assert.equal((await shell.run(command)).status, 0, command);
    const rules = named(programs.alerts()).map((line) => line.split(' ').slice(0, 2).join(' '));
    assert.ok(rules.length >= refused.length, rules.join());
    assert.equal(existsSync('/tmp/engine/new'), false);
  });

  it('know another name of a file by a hard link', async () => {
    mkdirSync('/tmp/engine/plain');
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/tmp/engine/plain']);
    writeFileSync('/tmp/engine/plain/a', 'content\n');
    linkSync('/tmp/engine/plain/a', '/tmp/engine/plain/link');
    put({ file: { matchPaths: [{ path: '/tmp/engine/plain/a' }] }, action: 'Block' });
    const { output } = await shell.run('cat /tmp/engine/plain/link');
    execFileSync('umount', ['/tmp/engine/plain']);
    assert.match(output, /Permission denied/);
  });

  it('know a task whatever namespaces it makes and however it is forked', async () => {
    put({ file: { matchPaths: [{ path: '/tmp/engine/a' }] }, action: 'Block' });
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
