import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardCommand } from '../agent/guard-command.js';
import { readConfiguration, type Configuration } from './configuration.js';
import { guardConfiguration } from './guard-configuration.js';
import { releaseConfiguration } from './release-configuration.js';

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubearmor-config-'));
  file = join(directory, 'kubearmor.yaml');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function read(options: unknown = {}, environment: Record<string, string> = {}): Configuration {
  return readConfiguration({ options, environment, places: [file] });
}

describe('readConfiguration', () => {
  it('is complete without any source', () => {
    const { config, file: found, warnings } = read();
    expect(found).toBeUndefined();
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      policies: '/etc/kubearmor/policies',
      socket: '/run/kubearmor/agent.sock',
      pins: '/sys/fs/bpf/kubearmor',
      host: hostname(),
      onError: 'deny',
      postures: { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' },
      hostPostures: { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' },
      throttle: { maxAlertPerSec: 10, throttleSec: 30 },
      grpc: { socket: '/run/kubearmor/grpc.sock', port: 32767, healthPort: 32766, tls: undefined },
    });
  });

  it('takes flags over the environment over the file', () => {
    writeFileSync(file, 'cluster: file\nhost: file\ngRPC: 1\ndefaultFilePosture: block\n');
    const { config } = read({ cluster: 'flag' }, { CLUSTER: 'environment', KUBEARMOR_HOST: 'environment' });
    expect([config.cluster, config.host, config.grpc.port]).toEqual(['flag', 'environment', 1]);
    expect(config.postures.file).toBe('block');
  });

  it('reads the file that is named, by flag or else by KUBEARMOR_CFG', () => {
    const [one, other] = [join(directory, 'one'), join(directory, 'other')];
    writeFileSync(one, 'cluster: one');
    writeFileSync(other, 'cluster: other');
    expect(read({}, { KUBEARMOR_CFG: other }).config.cluster).toBe('other');
    expect(read({ config: one }, { KUBEARMOR_CFG: other }).config.cluster).toBe('one');
    expect(() => read({ config: join(directory, 'none') })).toThrow('expected a file that can be read');
  });

  it('reads the order of enforcers, and refuses names that are none', () => {
    expect(read().config.enforcers).toEqual(['bpf', 'apparmor', 'selinux', 'guard']);
    expect(read({ lsm: 'Guard, bpf,guard' }).config.enforcers).toEqual(['guard', 'bpf']);
    for (const lsm of ['none', '', 'bpf,smack'])
      expect(() => read({ lsm })).toThrow(/flag --lsm: expected some of bpf, apparmor, selinux, guard/);
  });

  it('takes enableIMA as one more thing to see', () => {
    expect([...read({ enableIMA: 'true', visibility: 'file' }).config.visibility]).toEqual(['file', 'ima']);
    expect(read({ enableIMA: 'true', hostVisibility: 'none' }).config.hostVisibility.has('ima')).toBe(true);
    expect(read({ visibility: 'file' }).config.visibility.has('ima')).toBe(false);
  });

  it('tells keeper and answerer where procfs is', () => {
    const { config } = read({ procfsMount: '/host/proc' });
    const [, , , ...flags] = guardCommand(config);
    expect(flags.slice(flags.indexOf('--procfsMount')).slice(0, 2)).toEqual(['--procfsMount', '/host/proc']);
    expect(guardConfiguration({ procfsMount: '/host/proc' }).procfsMount).toBe('/host/proc');
  });

  it('derives paths from the directories that were given', () => {
    const { config } = read({ runDir: '/r', bpfFsPath: '/b' });
    expect([config.socket, config.grpc.socket, config.pins]).toEqual([
      '/r/agent.sock',
      '/r/grpc.sock',
      '/b/kubearmor',
    ]);
    expect(read({ pins: '/p', socket: '/s' }).config).toMatchObject({ pins: '/p', socket: '/s' });
  });

  it('warns of what is unknown and of what has no effect', () => {
    writeFileSync(file, 'k8s: true\nclutser: x\n', { mode: 0o600 });
    expect(read().warnings).toEqual([
      `file ${file}: clutser: unknown setting, ignored; is cluster meant?`,
      `file ${file}: k8s: no effect here: Kubernetes is not part of this version`,
    ]);
  });

  it('lets other addresses than loopback be only with TLS', () => {
    expect(() => read({ gRPCHost: '0.0.0.0' })).toThrow(
      'flag --gRPCHost: expected loopback without tlsEnabled',
    );
    expect(read({ gRPCHost: '0.0.0.0', tlsEnabled: true }).config.grpc).toMatchObject({
      host: '0.0.0.0',
      tls: { directory: '/var/lib/kubearmor/tls', provider: 'self' },
    });
  });

  it('switches throttling off', () => {
    expect(read({ alertThrottling: 'false' }).config.throttle).toBeUndefined();
  });
});

describe('guardConfiguration', () => {
  it('takes flags alone', () => {
    expect(guardConfiguration({ runDir: '/r', onError: 'allow' })).toMatchObject({
      runDir: '/r',
      onError: 'allow',
    });
    expect(() => guardConfiguration({ onError: 'maybe' })).toThrow(
      'flag --on-error: expected deny or allow, got "maybe"',
    );
  });
});

describe('releaseConfiguration', () => {
  it('finds what the agent was told', () => {
    writeFileSync(file, 'runDir: /from-file\n');
    const { config, problem } = releaseConfiguration({ options: {}, environment: {}, places: [file] });
    expect([config.runDir, problem]).toEqual(['/from-file', undefined]);
  });

  it('goes on without a file that is wrong', () => {
    writeFileSync(file, 'runDir: /from-file\ngRPC: x\n');
    const { config, problem } = releaseConfiguration({
      options: { pins: '/p' },
      environment: {},
      places: [file],
    });
    expect([config.runDir, config.pins]).toEqual(['/run/kubearmor', '/p']);
    expect(problem).toContain('gRPC: expected');
  });
});
