import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicies } from '@kubearmor/policy';
import { createLogger } from '@kubearmor/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Confirmations } from './confirmations.js';
import { policyHandlers, type PolicyHandlersDependencies } from './policy-handlers.js';

const KEY = 'KubeArmorPolicy/one/p';
const text = `kind: KubeArmorPolicy
metadata: { name: p, namespace: one }
spec: { file: { matchPaths: [{ path: /x }] } }
`;
const { policies } = loadPolicies(text, { file: 'p.yaml' });
const audit = { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' } as const;

describe('policyHandlers', () => {
  let directory = '';
  let confirmations: Confirmations;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'policy-handlers-'));
    confirmations = new Confirmations(join(directory, 'c.json'), {
      nowMs: () => 0,
      logger: createLogger({ level: 'silent' }),
    });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const call = async (
    method: string,
    params: unknown = {},
    more: Partial<PolicyHandlersDependencies> = {},
  ): Promise<unknown> => {
    const workload = { id: 7, namespace: 'one', name: 'web', labels: { app: 'web' }, policies: [KEY] };
    const handlers = policyHandlers({
      status: () =>
        Promise.resolve({
          policies: [{ key: KEY, file: 'p.yaml', workloads: [7], notEnforced: [] }],
          workloads: [workload],
        }),
      state: () => ({ files: [{ name: 'p.yaml', text, policies }], problems: [] }),
      postures: () => audit,
      isPolicyFile: () => false,
      pidsOf: () => [41, 42],
      confirmations,
      ...more,
    });
    const signal = new AbortController().signal;
    return handlers[method]?.(params, { signal, send: () => Promise.resolve() });
  };

  it('lists policies with where they come from, and until when they must be confirmed', async () => {
    await confirmations.add({ key: KEY, path: join(directory, 'p'), before: undefined }, 60_000);
    expect(await call('policies')).toMatchObject({
      postures: audit,
      policies: [{ key: KEY, source: 'gRPC', workloads: [7], confirmBy: '1970-01-01T00:01:00.000Z' }],
      workloads: [{ id: 7, name: 'web', pids: [41, 42] }],
    });
  });

  it('lists a workload that has just ended without processes', async () => {
    const pidsOf = (): never => {
      throw new TypeError('gone');
    };
    expect(await call('policies', {}, { pidsOf })).toMatchObject({ workloads: [{ pids: [] }] });
  });

  it('gives a policy’s text', async () => {
    const isPolicyFile = (): boolean => true;
    expect(await call('policy.get', { key: KEY }, { isPolicyFile })).toMatchObject({ text, source: 'file' });
    await expect(async () => call('policy.get', { key: 'x' })).rejects.toMatchObject({
      code: 'POLICY_UNKNOWN',
    });
    await expect(async () => call('policy.get', {})).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('confirms', async () => {
    await confirmations.add({ key: KEY, path: join(directory, 'p'), before: undefined }, 60_000);
    expect(await call('policy.confirm', { keys: [] })).toEqual({ confirmed: [KEY] });
    await expect(call('policy.confirm', { keys: [KEY] })).rejects.toMatchObject({
      code: 'CONFIRMATION_UNKNOWN',
    });
  });
});
