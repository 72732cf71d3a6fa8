import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { probeCapabilities } from '@kubearmor/kernel';
import { chooseEnforcer } from '../../../apps/kubearmor/dist/agent/choice.js';
import { installPlaces } from '../../../apps/kubearmor/dist/install/install-places.js';
import { unitFile } from '../../../apps/kubearmor/dist/install/unit-file.js';
import { places } from '../../places.ts';
import { run } from '../guest/run.ts';

const PREFIX = '/opt/kubearmor-vm';
const DROP_IN = '/run/systemd/system/kubearmor.service.d';
const KUBEARMOR = `${PREFIX}/apps/kubearmor/bin/kubearmor`;
const installed = installPlaces(PREFIX);

// What copying comes to is tried on the machine itself; here systemd is real, and files are slow.
function layOut(): void {
  mkdirSync(PREFIX, { recursive: true });
  for (const part of ['apps', 'packages', 'node_modules', 'build']) {
    symlinkSync(join(places.root, part), join(PREFIX, part));
  }
  writeFileSync(installed.note, JSON.stringify({ version: '0.1.0', completions: [] }));
  for (const { path, target } of installed.links) symlinkSync(target, path);
  mkdirSync(installed.policies, { recursive: true });
  writeFileSync(
    installed.config,
    'gRPC: none\ngRPCHealthPort: none\nvisibility: none\nhostVisibility: none\n',
  );
  writeFileSync(installed.unit, unitFile(PREFIX));
  // An emulated machine takes its time.
  mkdirSync(DROP_IN, { recursive: true });
  writeFileSync(join(DROP_IN, 'slow.conf'), '[Service]\nTimeoutStartSec=infinity\nWatchdogSec=0\n');
  succeed('systemctl', 'daemon-reload');
  succeed('systemctl', 'enable', 'kubearmor');
}

function succeed(...words: readonly [string, ...string[]]): string {
  const { status, stdout, stderr } = run(words);
  assert.equal(
    status,
    0,
    `${words.join(' ')}: ${stderr}${run(['journalctl', '-u', 'kubearmor', '--no-pager']).stdout}`,
  );
  return stdout;
}

function property(name: string): string {
  return succeed('systemctl', 'show', 'kubearmor', '-p', name, '--value').trim();
}

/** Processes of ours by their command: agent, keeper, answerer. */
function processes(): ReadonlyMap<string, number> {
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const words = wordsOf(pid);
        const main = words.findIndex((word) =>
          /apps\/kubearmor\/(bin\/\.\.\/)?(dist|build)\/main\.js$/.test(word),
        );
        const command = main < 0 ? undefined : words[main + 1];
        return command === undefined ? [] : [[command, Number(pid)] as const];
      }),
  );
}

function wordsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

const choice = chooseEnforcer(probeCapabilities());
const skip =
  choice.kind === 'none'
    ? choice.reason
    : existsSync('/run/systemd/system')
      ? false
      : 'systemd does not run here';

describe(`the service on ${release()}`, { skip }, () => {
  before(layOut);

  after(() => {
    rmSync(DROP_IN, { recursive: true, force: true });
  });

  it('is up when the agent is ready, not before', () => {
    succeed('systemctl', 'start', 'kubearmor');
    assert.equal(property('ActiveState'), 'active');
    assert.equal(property('StatusText'), 'enforcing by Guard');
    assert.deepEqual([...processes().keys()].sort(), ['agent', 'answerer', 'keeper']);
    assert.equal(property('MainPID'), String(processes().get('agent')));
  });

  it('leaves keeper and answerer alone when it is restarted', () => {
    const before = processes();
    succeed('systemctl', 'restart', 'kubearmor');
    const now = processes();
    assert.notEqual(now.get('agent'), before.get('agent'));
    assert.equal(now.get('keeper'), before.get('keeper'));
    assert.equal(now.get('answerer'), before.get('answerer'));
  });

  it('leaves them alone when it is stopped: enforcement goes on', () => {
    const before = processes();
    succeed('systemctl', 'stop', 'kubearmor');
    assert.deepEqual([...processes()].sort(), [...before].filter(([command]) => command !== 'agent').sort());
  });

  it('is gone with all that it did after uninstall, but for configuration and policies', () => {
    succeed(KUBEARMOR, 'uninstall', '--prefix', PREFIX);
    assert.deepEqual([...processes()], []);
    assert.equal(property('LoadState'), 'not-found');
    for (const path of [
      PREFIX,
      installed.unit,
      ...installed.links.map(({ path }) => path),
      '/sys/fs/bpf/kubearmor',
    ]) {
      assert.equal(existsSync(path), false, path);
    }
    assert.ok(existsSync(installed.config) && existsSync(installed.policies));
  });
});
