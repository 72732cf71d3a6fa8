import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicies } from '@kubearmor/policy';
import { PolicyStatus } from '@kubearmor/protocol';
import { createLogger } from '@kubearmor/service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Confirmations } from '../../agent/confirmations.js';
import { PushedPolicies } from './pushed-policies.js';

/** As KubeArmor's client writes it: from Go structs, with null and empty for what is absent. */
const pushed = {
  metadata: { name: 'block-shell', namespace: 'web', creationTimestamp: null },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    process: { matchPaths: [{ path: '/bin/sh' }] },
    file: {},
    network: {},
    capabilities: {},
    syscalls: {},
    severity: 5,
    action: 'Block',
  },
};

const logger = createLogger({ level: 'silent' });

let directory = '';
let settled = 0;
let failsToSettle = false;
const taken = new Set<string>();

function create(
  confirmations: Confirmations = new Confirmations(join(directory, 'confirmations.json'), {
    nowMs: Date.now,
    logger,
  }),
  kinds: readonly ('KubeArmorPolicy' | 'KubeArmorHostPolicy')[] = ['KubeArmorPolicy'],
): PushedPolicies {
  return new PushedPolicies(
    {
      isTaken: (key) => taken.has(key),
      refusal: ({ name }) => (name === 'refused' ? 'it would lock out' : undefined),
      settle: () => {
        settled += 1;
        return failsToSettle ? Promise.reject(new TypeError('no')) : Promise.resolve();
      },
      confirmations,
      logger,
    },
    { directory: join(directory, 'policies'), kinds, defaultNamespace: 'container_namespace' },
  );
}

function files(): string[] {
  return readdirSync(join(directory, 'policies'));
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pushed-'));
  settled = 0;
  failsToSettle = false;
  taken.clear();
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('PushedPolicies', () => {
  it('keeps a policy as a file that loads as that policy, and settles', async () => {
    expect(await create().apply('KubeArmorPolicy', 'ADDED', pushed)).toBe(PolicyStatus.Applied);
    const [name = ''] = files();
    const path = join(directory, 'policies', name);
    const { policies, problems } = loadPolicies(readFileSync(path, 'utf8'), { file: name });
    expect(problems).toEqual([]);
    expect(policies.map(({ key }) => key)).toEqual(['KubeArmorPolicy/web/block-shell']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(settled).toBe(1);
  });

  it('replaces and removes it', async () => {
    const receiver = create();
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed);
    expect(await receiver.apply('KubeArmorPolicy', 'ADDED', pushed)).toBe(PolicyStatus.Applied);
    expect(await receiver.apply('KubeArmorPolicy', 'MODIFIED', pushed)).toBe(PolicyStatus.Modified);
    expect(files()).toHaveLength(1);
    const bare = { metadata: { name: 'block-shell', namespace: 'web' } };
    expect(await receiver.apply('KubeArmorPolicy', 'DELETED', bare)).toBe(PolicyStatus.Deleted);
    expect(await receiver.apply('KubeArmorPolicy', 'DELETED', bare)).toBe(PolicyStatus.NotExist);
    expect(files()).toEqual([]);
  });

  it('puts what names no namespace into the default one', async () => {
    const receiver = create();
    await receiver.apply('KubeArmorPolicy', 'ADDED', { ...pushed, metadata: { name: 'p', namespace: '' } });
    expect(files()).toEqual(['KubeArmorPolicy%2Fcontainer_namespace%2Fp.json']);
    expect(await receiver.apply('KubeArmorPolicy', 'DELETED', { metadata: { name: 'p' } })).toBe(
      PolicyStatus.Deleted,
    );
  });

  for (const [what, object] of [
    ['no object', undefined],
    ['no name', { metadata: {}, spec: {} }],
    ['an unknown action', { ...pushed, spec: { ...pushed.spec, action: 'Blok' } }],
    ['a name with a slash', { ...pushed, metadata: { name: '../../etc/x' } }],
    ['a name that is too long', { ...pushed, metadata: { name: 'x'.repeat(300) } }],
  ] as const) {
    it(`calls ${what} invalid and keeps nothing`, async () => {
      expect(await create().apply('KubeArmorPolicy', 'ADDED', object)).toBe(PolicyStatus.Invalid);
      expect(files()).toEqual([]);
      expect(settled).toBe(0);
    });
  }

  it('keeps an invalid change from replacing the last good one', async () => {
    const receiver = create();
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed);
    const broken = { ...pushed, spec: { ...pushed.spec, action: 'Blok' } };
    expect(await receiver.apply('KubeArmorPolicy', 'MODIFIED', broken)).toBe(PolicyStatus.Invalid);
    const [name = ''] = files();
    expect(readFileSync(join(directory, 'policies', name), 'utf8')).toContain('"Block"');
  });

  it('does not carry out kinds that are not enabled', async () => {
    expect(await create(undefined, []).apply('KubeArmorPolicy', 'ADDED', pushed)).toBe(
      PolicyStatus.NotEnabled,
    );
    expect(await create().apply('KubeArmorHostPolicy', 'DELETED', pushed)).toBe(PolicyStatus.NotEnabled);
  });

  it('takes host policies without a namespace', async () => {
    const spec = {
      nodeSelector: { matchLabels: {} },
      file: { matchPaths: [{ path: '/etc/shadow' }] },
      action: 'Audit',
    };
    const object = { metadata: { name: 'h', namespace: 'stray' }, spec };
    expect(
      await create(undefined, ['KubeArmorHostPolicy']).apply('KubeArmorHostPolicy', 'ADDED', object),
    ).toBe(PolicyStatus.Applied);
    expect(files()).toEqual(['KubeArmorHostPolicy%2F%2Fh.json']);
  });

  it('does not push aside a policy of a file', async () => {
    taken.add('KubeArmorPolicy/web/block-shell');
    expect(await create().apply('KubeArmorPolicy', 'ADDED', pushed)).toBe(PolicyStatus.Failure);
    expect(files()).toEqual([]);
  });

  it('keeps nothing that could not be put in force', async () => {
    const receiver = create();
    failsToSettle = true;
    await expect(receiver.apply('KubeArmorPolicy', 'ADDED', pushed)).rejects.toThrow('no');
    expect(files()).toEqual([]);
    failsToSettle = false;
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed);
    failsToSettle = true;
    await expect(receiver.apply('KubeArmorPolicy', 'DELETED', pushed)).rejects.toThrow('no');
    expect(files()).toHaveLength(1);
  });
});

describe('PushedPolicies, with a time to confirm within', () => {
  const shell = 'KubeArmorPolicy/web/block-shell';
  const changed = { ...pushed, spec: { ...pushed.spec, severity: 9 } };
  const within = { confirmWithinMs: 60_000 };
  const content = (): string[] =>
    files().map((name) => readFileSync(join(directory, 'policies', name), 'utf8'));

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('takes a new policy back', async () => {
    const receiver = create();
    await receiver.start();
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed, within);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(files()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await receiver.stop();
    expect(files()).toEqual([]);
    expect(settled).toBe(2);
  });

  it('puts back what was before the first of several changes', async () => {
    const receiver = create();
    await receiver.start();
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed);
    const before = content();
    await receiver.apply('KubeArmorPolicy', 'MODIFIED', changed, within);
    await receiver.apply('KubeArmorPolicy', 'DELETED', changed, within);
    expect(files()).toEqual([]);
    await vi.advanceTimersByTimeAsync(61_000);
    await receiver.stop();
    expect(content()).toEqual(before);
  });

  it('keeps what was confirmed, and what was pushed again without condition', async () => {
    const confirmations = new Confirmations(join(directory, 'c.json'), { nowMs: Date.now, logger });
    const receiver = create(confirmations);
    await receiver.start();
    await receiver.apply('KubeArmorPolicy', 'ADDED', pushed, within);
    expect(await confirmations.confirm([shell])).toEqual([shell]);
    await expect(confirmations.confirm([shell])).rejects.toMatchObject({ code: 'CONFIRMATION_UNKNOWN' });
    await receiver.apply('KubeArmorPolicy', 'ADDED', { ...pushed, metadata: { name: 'p' } }, within);
    await receiver.apply('KubeArmorPolicy', 'ADDED', { ...pushed, metadata: { name: 'p' } });
    expect(await confirmations.confirm([])).toEqual([]);
    await vi.advanceTimersByTimeAsync(61_000);
    await receiver.stop();
    expect(files()).toHaveLength(2);
  });

  it('takes back when it starts what ran out while nobody was there', async () => {
    const first = create();
    await first.start();
    await first.apply('KubeArmorPolicy', 'ADDED', pushed, within);
    await first.stop();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(files()).toHaveLength(1);
    await create().start();
    expect(files()).toEqual([]);
  });

  it('goes on waiting for what still has time', async () => {
    const first = create();
    await first.start();
    await first.apply('KubeArmorPolicy', 'ADDED', pushed, within);
    await first.stop();
    const second = create();
    await second.start();
    expect(files()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(61_000);
    await second.stop();
    expect(files()).toEqual([]);
  });

  it('waits for nothing that could not be put in force', async () => {
    failsToSettle = true;
    const confirmations = new Confirmations(join(directory, 'c.json'), { nowMs: Date.now, logger });
    const push = create(confirmations).apply('KubeArmorPolicy', 'ADDED', pushed, within);
    await expect(push).rejects.toThrow('no');
    expect(confirmations.all()).toEqual([]);
  });
});
