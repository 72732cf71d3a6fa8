import { join } from 'node:path';
import type { Policy } from '@kubearmor/policy';
import type { Logger } from '@kubearmor/service';
import { mergePolicies } from '../grpc/merge-policies.js';
import type { PushedKind } from '../grpc/services/policy-receiver.js';
import type { AgentConfig } from './agent-config.js';
import { PolicyFiles, type PolicyFilesState, type PolicyRefusal } from './policy-files.js';

/** What the policies depend on. */
export interface AgentPoliciesDeps {
  readonly logger: Logger;
  readonly refusal: PolicyRefusal;
}

const PUSHED_KINDS: readonly PushedKind[] = ['KubeArmorPolicy', 'KubeArmorHostPolicy'];

/** The policies of an agent: those of its directory, and those that were pushed to it. */
export class AgentPolicies {
  readonly #config: AgentConfig;
  readonly #files: PolicyFiles;
  readonly #pushed: PolicyFiles;
  #fileKeys: ReadonlySet<string> = new Set();
  #state: PolicyFilesState = { files: [], problems: [] };

  constructor({ logger, refusal }: AgentPoliciesDeps, config: AgentConfig) {
    const { policies, stateDir } = config;
    const kept = (name: string): string => join(stateDir, name);
    this.#config = config;
    this.#files = new PolicyFiles(policies, kept('policies'), logger, refusal);
    this.#pushed = new PolicyFiles(this.pushedDirectory, kept('grpc-policies-kept'), logger, refusal);
  }

  /** Where pushed policies are. */
  get pushedDirectory(): string {
    return join(this.#config.stateDir, 'grpc-policies');
  }

  /** The kinds that can be pushed. */
  get pushedKinds(): readonly PushedKind[] {
    return PUSHED_KINDS.filter((kind) => this.#isEnabled(kind));
  }

  /** What came of the last reading. */
  get state(): PolicyFilesState {
    return this.#state;
  }

  /** Whether a policy comes from the directory. */
  isFile(key: string): boolean {
    return this.#fileKeys.has(key);
  }

  /** The keys of the policies of one kind. */
  keysOf(kind: Policy['kind']): readonly string[] {
    return this.#all()
      .filter((policy) => policy.kind === kind)
      .map(({ key }) => key);
  }

  /** Reads all of them again, and answers with those that are to be in force. */
  async read(): Promise<readonly Policy[]> {
    const files = await this.#files.read();
    this.#fileKeys = new Set(files.files.flatMap(({ policies }) => policies.map(({ key }) => key)));
    this.#state = mergePolicies(files, await this.#pushed.read());
    return this.#all().filter(({ kind }) => this.#isEnabled(kind));
  }

  #all(): readonly Policy[] {
    return this.#state.files.flatMap(({ policies }) => policies);
  }

  #isEnabled(kind: Policy['kind']): boolean {
    const { isPolicyEnabled, isHostPolicyEnabled } = this.#config;
    if (kind === 'KubeArmorPolicy') return isPolicyEnabled;
    return kind === 'KubeArmorHostPolicy' ? isHostPolicyEnabled : true;
  }
}
