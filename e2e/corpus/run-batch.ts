import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadPolicies } from '@kubearmor/policy';
import { compileGroup, VirtualRoot, withSubjects, type CorpusCase, type CorpusGroup } from '@kubearmor/testkit';
import type { AgentProcess } from '../agent/agent-process.ts';
import type { SeenAlert } from '../agent/alert-file.ts';
import { ActorScope } from '../scope/actor-scope.ts';
import type { Outcome } from '../scope/outcome.ts';
import { until } from '../until.ts';
import { actorWords } from './actor-words.ts';
import type { Batch } from './batch.ts';
import type { CaseResult } from './disagreements.ts';
import { bindsOf, buildImage, changeImage } from './image.ts';

/** A scope that has been started for a batch, and that no agent knows yet. */
export interface PreparedBatch {
  readonly batch: Batch;
  readonly scope: ActorScope;
  readonly directory: string;
}

const ALERT_TIMEOUT_MS = 3_000;
/** How long alerts that nobody expects are given to come; later ones are found at the end of the run. */
const SETTLE_MS = 30;
const POLICIES = 'corpus.yaml';
const REBIND = 'rebind.yaml';

/** Builds a batch's image and starts its scope. */
export function prepareBatch(batch: Batch, directory: string): PreparedBatch {
  const entries = withSubjects(batch.group);
  const work = join(directory, 'work');
  const image = join(directory, 'image');
  buildImage(image, entries, new VirtualRoot(entries));
  mkdirSync(work);
  return { batch, directory, scope: ActorScope.launch(work, image, bindsOf(entries)) };
}

/** Ends the scope of a batch, and removes its image. */
export async function removeBatch({ scope, directory }: PreparedBatch, agent: AgentProcess): Promise<void> {
  await scope.end(agent);
  rmSync(directory, { recursive: true, force: true });
}

/** Runs the cases of a batch: subjects first, then policies, then one operation after the other. */
export async function runBatch(prepared: PreparedBatch, agent: AgentProcess): Promise<ReadonlyMap<CorpusCase, CaseResult>> {
  const { batch, scope } = prepared;
  const { group, cases } = batch;
  await agent.untilStatus('no policy', ({ policies }) => policies.length === 0);
  await scope.protect(agent, {
    name: group.workload.containerName,
    namespace: group.workload.namespace,
    labels: group.workload.labels,
  });
  const loaders = new VirtualRoot(withSubjects(group)).loaders();
  for (const [tag, one] of cases.entries()) {
    await scope.prepare(tag, { ...one.subject, words: actorWords(one, loaders.has(one.subject.exe)) });
  }
  try {
    await applyPolicies(prepared, agent);
    return await performAll(prepared, agent);
  } finally {
    agent.writePolicies(POLICIES, undefined);
    agent.writePolicies(REBIND, undefined);
  }
}

async function applyPolicies({ batch: { group }, scope }: PreparedBatch, agent: AgentProcess): Promise<void> {
  await apply(agent, scope, POLICIES, group, group.policies);
  if (group.changes.size === 0) return;
  const names = new VirtualRoot(withSubjects(group));
  names.add(group.changes);
  changeImage(await scope.root(), group.changes, names);
  // Rules are bound to a root again when a policy changes.
  await apply(agent, scope, REBIND, group, unrelatedPolicy(group));
}

async function apply(agent: AgentProcess, scope: ActorScope, file: string, group: CorpusGroup, text: string): Promise<void> {
  const all = file === POLICIES ? text : `${group.policies}\n---\n${text}`;
  const { hash } = compileGroup(asScope(group, all));
  const count = loadPolicies(all, { file }).policies.length;
  agent.writePolicies(file, text);
  await agent.untilStatus(`the policies of ${group.name} (${hash})`, ({ policies, workloads }) => {
    const workload = workloads.find(({ id }) => id === scope.id);
    return policies.length === count && workload?.ruleSetHash === hash;
  });
}

// Agents have no flag for the posture of devices, and scopes are named like their container.
function asScope(group: CorpusGroup, policies: string): CorpusGroup {
  const { workload, postures } = group;
  return {
    ...group,
    policies,
    workload: { ...workload, name: workload.containerName },
    postures: { ...postures, device: 'audit' },
  };
}

function unrelatedPolicy({ workload }: CorpusGroup): string {
  return [
    'apiVersion: security.kubearmor.com/v1',
    'kind: KubeArmorPolicy',
    `metadata: { name: e2e-rebind, namespace: ${workload.namespace} }`,
    'spec:',
    `  selector: { matchLabels: ${JSON.stringify(workload.labels)} }`,
    '  process: { matchPaths: [{ path: /e2e/rebind }] }',
    '  action: Audit',
  ].join('\n');
}

async function performAll(prepared: PreparedBatch, agent: AgentProcess): Promise<ReadonlyMap<CorpusCase, CaseResult>> {
  const { batch, scope } = prepared;
  const root = await scope.root();
  const names = new VirtualRoot(withSubjects(batch.group));
  const outcomes = new Map<CorpusCase, Outcome>();
  for (const [tag, one] of batch.cases.entries()) {
    outcomes.set(one, await scope.perform(tag));
    removeCreated(one, root, names);
  }
  await awaitAlerts(outcomes, scope.id, agent);
  return new Map([...outcomes].map(([one, outcome]) => [one, { outcome, alerts: alertsOf(agent, scope.id, outcome.pid) }]));
}

// A file that was made stays, even where its opening was refused: the next case must not find it.
function removeCreated({ operation }: CorpusCase, root: string, names: VirtualRoot): void {
  if (operation.do !== 'open' || !operation.flags.includes('creat')) return;
  const { node, rootPath } = names.locate(operation.path, !operation.flags.includes('excl'));
  if (node === undefined) rmSync(`${root}${rootPath}`, { force: true });
}

async function awaitAlerts(outcomes: ReadonlyMap<CorpusCase, Outcome>, scope: number, agent: AgentProcess): Promise<void> {
  const expected = [...outcomes].filter(([one]) => one.expect.alert !== undefined);
  await until(() => (expected.every(([, { pid }]) => alertsOf(agent, scope, pid).length > 0) ? true : undefined), {
    timeoutMs: ALERT_TIMEOUT_MS,
  });
  await sleep(SETTLE_MS);
}

/** The alerts about one process. */
export function alertsOf(agent: AgentProcess, scope: number, pid: number): readonly SeenAlert[] {
  return agent.alerts.read().filter((alert) => alert.scope === scope && alert.pid === pid);
}
