import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { places } from './places.ts';

const TEST_MS = 120_000;
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubearmor-e2e-install-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function kubearmor(...words: string[]): Ran {
  return spawnSync(process.execPath, [places.kubearmor, ...words], { encoding: 'utf8' });
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Everything below the root, but for what is inside these directories. */
function files(...closed: string[]): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !closed.some((directory) => path.startsWith(`${directory}/`)))
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() !== true)
    .sort();
}

// Files alone, into a directory: what systemd makes of them is tried in the virtual machine.
describe('kubearmor install', { timeout: TEST_MS }, () => {
  it('puts a program there that runs by itself, and uninstall takes all of it away', () => {
    expect(kubearmor('install', '--root', root)).toMatchObject({ status: 0, stderr: '' });
    expect(files('opt/kubearmor', 'usr/share')).toEqual([
      'etc/kubearmor/kubearmor.yaml',
      'etc/systemd/system/kubearmor.service',
      'usr/local/bin/karmor',
      'usr/local/bin/kubearmor',
    ]);
    const installed = join(root, 'opt/kubearmor/apps');
    const probe = spawnSync(join(installed, 'kubearmor/bin/kubearmor'), ['probe', '--json'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(probe.stdout)).toMatchObject({ enforcer: { kind: 'Guard' } });
    const version = spawnSync(join(installed, 'karmor/bin/karmor'), ['--help'], { encoding: 'utf8' });
    expect(version.stdout).toContain('Usage: karmor');
    // The default configuration is one that the agent takes.
    const config = join(root, 'etc/kubearmor/kubearmor.yaml');
    expect(statSync(config).mode & 0o777).toBe(0o600);
    const taken = kubearmor('agent', '--config', config, '--gRPC', 'x');
    expect(taken.stderr).toMatch(/^kubearmor: SETTING_INVALID: flag --gRPC/);

    writeFileSync(config, 'cluster: mine\n');
    expect(kubearmor('install', '--root', root)).toMatchObject({ status: 0 });
    expect(readFileSync(config, 'utf8')).toBe('cluster: mine\n');
    expect(readdirSync(join(root, 'opt'))).toEqual(['kubearmor']);

    const dry = kubearmor('uninstall', '--root', root, '--dry-run');
    expect(dry.stdout).toContain(`remove ${join(root, 'opt/kubearmor')}\n`);
    expect(existsSync(join(root, 'opt/kubearmor'))).toBe(true);
    expect(kubearmor('uninstall', '--root', root)).toMatchObject({ status: 0, stderr: '' });
    expect(files()).toEqual(['etc/kubearmor/kubearmor.yaml']);
    expect(kubearmor('uninstall', '--root', root)).toMatchObject({ status: 1 });
  });

  it('says what it would do, and does nothing', () => {
    const { status, stdout } = kubearmor('install', '--root', root, '--prefix', '/srv/ka', '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('link      /usr/local/bin/karmor to /srv/ka/apps/karmor/bin/karmor\n');
    expect(files()).toEqual([]);
  });

  for (const [what, path] of [
    ['a directory of others', 'opt/kubearmor/kubearmor'],
    ['a unit of others', 'etc/systemd/system/kubearmor.service'],
    ['a program of others', 'usr/local/bin/karmor'],
  ] as const) {
    it(`leaves ${what} alone`, () => {
      put(path, 'theirs');
      const { status, stderr } = kubearmor('install', '--root', root);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^kubearmor: INSTALL_CONFLICT: .* got something else; remove it first\n$/);
      expect(files()).toEqual([path]);
    });
  }

  it('removes the configuration only when told so, and never what others have put in place of ours', () => {
    expect(kubearmor('install', '--root', root)).toMatchObject({ status: 0 });
    rmSync(join(root, 'usr/local/bin/karmor'));
    symlinkSync('/usr/bin/theirs', join(root, 'usr/local/bin/karmor'));
    put('etc/systemd/system/kubearmor.service', 'theirs');
    expect(kubearmor('uninstall', '--root', root, '--purge')).toMatchObject({ status: 0 });
    expect(files()).toEqual(['etc/systemd/system/kubearmor.service', 'usr/local/bin/karmor']);
  });
});
