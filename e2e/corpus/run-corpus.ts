import { join } from 'node:path';
import type { CorpusCase } from '@kubearmor/testkit';
import { AgentProcess } from '../agent/agent-process.ts';
import type { SeenAlert } from '../agent/alert-file.ts';
import type { Batch } from './batch.ts';
import type { CaseResult } from './disagreements.ts';
import { prepareBatch, removeBatch, runBatch, type PreparedBatch } from './run-batch.ts';

/** What came of the corpus. */
export interface CorpusRun {
  readonly results: ReadonlyMap<CorpusCase, CaseResult>;
  /** Why cases have no result. */
  readonly failures: ReadonlyMap<CorpusCase, unknown>;
  /** Alerts that belong to no case, or came after its result. */
  readonly stray: readonly SeenAlert[];
}

/** How the corpus is run. */
export interface RunCorpusOptions {
  /** How many agents at once. */
  readonly lanes: number;
  readonly progress: (text: string) => void;
}

/** As many batches at most share an agent. */
const CHUNK = 100;

/** Runs batches on agents with the postures that they need. */
export async function runCorpus(batches: readonly Batch[], { lanes, progress }: RunCorpusOptions): Promise<CorpusRun> {
  const results = new Map<CorpusCase, CaseResult>();
  const failures = new Map<CorpusCase, unknown>();
  const stray: SeenAlert[] = [];
  const chunks = chunksOf(batches);
  let done = 0;
  const work = async (): Promise<void> => {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      stray.push(...(await new Lane(results, failures).run(chunk)));
      done += chunk.length;
      progress(`${done} of ${batches.length} batches`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return { results, failures, stray };
}

// Agents differ in postures, and two of them know nothing of each other's policies.
function chunksOf(batches: readonly Batch[]): Batch[][] {
  const byPostures = Map.groupBy(batches, ({ group: { postures } }) => {
    return [postures.file, postures.network, postures.capabilities].join();
  });
  return [...byPostures.values()].flatMap((all) => {
    const count = Math.ceil(all.length / CHUNK);
    const length = Math.ceil(all.length / count);
    return Array.from({ length: count }, (_, index) => all.slice(index * length, (index + 1) * length));
  });
}

/** One agent and the batches that it is given one by one. */
class Lane {
  readonly #results: Map<CorpusCase, CaseResult>;
  readonly #failures: Map<CorpusCase, unknown>;
  readonly #ran: PreparedBatch[] = [];

  constructor(results: Map<CorpusCase, CaseResult>, failures: Map<CorpusCase, unknown>) {
    this.#results = results;
    this.#failures = failures;
  }

  /** Gives the alerts that were accounted to no case. */
  async run(batches: readonly Batch[]): Promise<readonly SeenAlert[]> {
    const [first] = batches;
    if (first === undefined) return [];
    await using agent = await AgentProcess.start({ postures: first.group.postures });
    let next: PreparedBatch | undefined = prepare(first, 0, agent);
    for (let index = 0; next !== undefined; index++) {
      const current = next;
      const following = batches[index + 1];
      // Its image is built while the agent is busy with the one before.
      next = following === undefined ? undefined : prepare(following, index + 1, agent);
      await this.#runOne(current, agent);
    }
    return this.#stray(agent);
  }

  async #runOne(prepared: PreparedBatch, agent: AgentProcess): Promise<void> {
    try {
      const results = await runBatch(prepared, agent);
      for (const [one, result] of results) this.#results.set(one, result);
      this.#ran.push(prepared);
    } catch (thrown) {
      for (const one of prepared.batch.cases) this.#failures.set(one, thrown);
    } finally {
      await removeBatch(prepared, agent);
    }
  }

  #stray(agent: AgentProcess): readonly SeenAlert[] {
    const accounted = new Set<SeenAlert>();
    for (const { batch } of this.#ran) {
      for (const one of batch.cases) for (const alert of this.#results.get(one)?.alerts ?? []) accounted.add(alert);
    }
    return agent.alerts.read().filter((alert) => !accounted.has(alert));
  }
}

function prepare(batch: Batch, index: number, agent: AgentProcess): PreparedBatch {
  return prepareBatch(batch, join(agent.directory, `batch-${index}`));
}
