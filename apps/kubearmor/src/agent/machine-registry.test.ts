import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUnit, WORKLOAD, type Applied, type Enforcer, type UnitCgroup } from '@kubearmor/enforcers';
import { loadPolicies, type Policy, type Postures } from '@kubearmor/policy';
import { createLogger } from '@kubearmor/service';
import { SystemdUnits, type SystemdUnitsOptions } from '@kubearmor/workloads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineRegistry } from './machine-registry.js';
import { UnitIds } from './unit-ids.js';

const audit: Postures = { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' };
const block: Postures = { ...audit, file: 'block' };

let directory = '';
let protectedIds: number[] = [];
let removed: number[] = [];
let cgroups: readonly UnitCgroup[] = [];
let failure: Error | undefined;
let watched: readonly string[] = [];
let forgotten: readonly number[] = [];

const enforcer: Enforcer = {
  name: 'Guard',
  start: () => Promise.resolve(),
  supports: () => ({ kind: 'enforced' }),
  protect: ({ id }, { hash }) => {
    if (failure !== undefined) return Promise.reject(failure);
    protectedIds.push(id);
    const applied: Applied = { id, ruleSetHash: hash, tasks: 0, unwatched: [] };
    return Promise.resolve(applied);
  },
  apply: (id, { hash }) => Promise.resolve({ id, ruleSetHash: hash, tasks: 0, unwatched: [] }),
  setUnits: (_hierarchy, units) => {
    cgroups = units;
    return Promise.resolve([]);
  },
  remove: (id) => {
    removed.push(id);
    return Promise.resolve();
  },
  alerts: async function* () {
    await Promise.resolve();
  },
  readBack: () => Promise.resolve({ workloads: [], counters: {} }),
  stop: () => Promise.resolve(),
  release: () => Promise.resolve(),
};

/** A systemd that has much else to do. */
class BusySystemd extends SystemdUnits {
  override ask(): Promise<void> {
    return new Promise(() => undefined);
  }
}

function registry(units: SystemdUnits = new SystemdUnits(whereUnitsAre())): MachineRegistry {
  return new MachineRegistry({
    enforcer,
    watcher: {
      watch: ({ name }, { rules }) => {
        watched = [...watched, `${name}: ${rules.length}`];
        return Promise.resolve();
      },
      forget: (id) => {
        forgotten = [...forgotten, id];
      },
    },
    units,
    ids: new UnitIds(join(directory, 'units.json')),
    host: 'node-1',
    postures: audit,
    hostPostures: audit,
    logger: createLogger({ level: 'silent' }),
    nowMs: () => 1,
  });
}

const whereUnitsAre = (): SystemdUnitsOptions => ({ hierarchy: { number: 0, directory }, below: '/test' });
const text = (kind: string, name: string, selection: object): string =>
  `${JSON.stringify({
    kind,
    metadata: { name, ...(kind === 'KubeArmorPolicy' ? { namespace: 'systemd' } : {}) },
    spec: { ...selection, file: { matchPaths: [{ path: '/x' }] } },
  })}\n---\n`;
const load = (...documents: string[]): readonly Policy[] =>
  loadPolicies(documents.join(''), { file: 'p' }).policies;
const unit = (name: string): string =>
  text('KubeArmorPolicy', name, { selector: { matchLabels: { unit: `${name}.service` } } });
const host = (hostname: string): string =>
  text('KubeArmorHostPolicy', 'host', {
    nodeSelector: { matchLabels: { 'kubearmor.io/hostname': hostname } },
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'machine-registry-'));
  mkdirSync(join(directory, 'test/system.slice/a.service'), { recursive: true });
  protectedIds = [];
  removed = [];
  cgroups = [];
  failure = undefined;
  watched = [];
  forgotten = [];
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('MachineRegistry', () => {
  it('protects units that policies select, started or not, and no others', async () => {
    mkdirSync(join(directory, 'test/system.slice/other.service'));
    const machine = registry();
    await machine.setPolicies(load(unit('a'), unit('b')));
    expect(machine.all().map(({ scope }) => scope.name)).toEqual(['a.service', 'b.service']);
    expect(protectedIds.every(isUnit)).toBe(true);
    expect(cgroups.map(({ path }) => path).sort()).toEqual([
      '/test/system.slice/a.service',
      '/test/system.slice/b.service',
      '/test/system.slice/other.service',
    ]);
    const [first] = machine.all();
    expect(first?.scope).toMatchObject({
      namespace: 'systemd',
      labels: { unit: 'a.service', slice: 'system.slice' },
    });
    expect(machine.find(first?.scope.id ?? 0)?.name).toBe('a.service');
  });

  it('waits for no answer of systemd: what policies name is in force, and the host', async () => {
    const machine = registry(new BusySystemd(whereUnitsAre()));
    await machine.setPolicies(load(unit('a'), unit('b'), host('*')));
    await machine.setPolicies(load(unit('b'), host('*')));
    expect(machine.all().map(({ scope }) => scope.name)).toEqual(['node-1', 'b.service']);
  });

  it('protects the host by the names of nodes', async () => {
    const machine = registry();
    await machine.setPolicies(load(host('node-2')));
    expect(machine.all()).toEqual([]);
    await machine.setPolicies(load(host('node-1,node-2')));
    expect(protectedIds).toEqual([WORKLOAD.host]);
    await machine.setPostures(audit, block);
    expect(protectedIds).toEqual([WORKLOAD.host, WORKLOAD.host]);
    await machine.setPolicies([]);
    expect(removed).toEqual([WORKLOAD.host]);
  });

  it('follows units that come', async () => {
    const machine = registry();
    const everything = text('KubeArmorPolicy', 'all', { selector: {} });
    await machine.setPolicies(load(everything));
    mkdirSync(join(directory, 'test/system.slice/late.service'));
    await machine.sweep();
    expect(machine.all().map(({ scope }) => scope.name)).toEqual(['a.service', 'late.service']);
    expect(cgroups).toHaveLength(2);
  });

  it('says what could not be applied, and tries again', async () => {
    const machine = registry();
    failure = new TypeError('no room');
    await machine.setPolicies(load(unit('a')));
    expect(machine.all().map(({ problem }) => problem)).toEqual(['no room']);
    failure = undefined;
    await machine.setPostures(audit, audit);
    expect(machine.all().map(({ problem }) => problem)).toEqual([undefined]);
  });

  it('has the host and every unit watched, under policies or not, until it is gone', async () => {
    mkdirSync(join(directory, 'test/system.slice/other.service'));
    const machine = registry();
    await machine.setPolicies([]);
    expect(watched).toEqual(['node-1: 0', 'a.service: 0', 'other.service: 0']);
    watched = [];
    await machine.setPolicies(load(unit('a')));
    expect(watched).toEqual(['a.service: 1']);
    watched = [];
    await machine.setPolicies([]);
    expect(watched).toEqual(['a.service: 0']);
    expect(forgotten).toEqual([]);
    rmSync(join(directory, 'test/system.slice/other.service'), { recursive: true });
    await machine.sweep();
    expect(forgotten.map(isUnit)).toEqual([true]);
    expect(machine.find(forgotten[0] ?? 0)).toBeUndefined();
  });

  it('keeps a unit watched under the last good rules', async () => {
    const machine = registry();
    await machine.setPolicies(load(unit('a')));
    watched = [];
    failure = new TypeError('no room');
    const other = { selector: {}, process: { matchPaths: [{ path: '/y' }] } };
    await machine.setPolicies(load(unit('a'), text('KubeArmorPolicy', 'all', other)));
    expect(watched).toEqual([]);
    failure = undefined;
    await machine.setPostures(audit, audit);
    expect(watched).toEqual(['a.service: 3']);
  });

  it('lets go of what an earlier agent had in force', async () => {
    const machine = registry();
    await machine.setPolicies(load(host('*')));
    await machine.recover([1, WORKLOAD.host, WORKLOAD.unit + 7]);
    expect(removed).toEqual([WORKLOAD.unit + 7]);
  });
});
