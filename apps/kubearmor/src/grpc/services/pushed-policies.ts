import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy, type Policy } from '@kubearmor/policy';
import { PolicyStatus } from '@kubearmor/protocol';
import { writeFileAtomic, type Logger } from '@kubearmor/service';
import { z } from 'zod';
import type { Confirmations } from '../../agent/confirmations.js';
import type { PolicyReceiver, PushedChange, PushedKind, PushedType } from './policy-receiver.js';

/** What {@link PushedPolicies} need. */
export interface PushedPoliciesDependencies {
  /** Whether a policy of that key comes from elsewhere, so that it cannot be pushed. */
  readonly isTaken: (key: string) => boolean;
  /** Puts in force what is in the directory; resolves when it is. */
  readonly settle: () => Promise<void>;
  readonly confirmations: Confirmations;
  /** Why a policy is not taken; nothing for one that is. */
  readonly refusal: (policy: Policy) => string | undefined;
  readonly logger: Logger;
}

/** Which policies {@link PushedPolicies} take, and where they keep them. */
export interface PushedPoliciesOptions {
  readonly directory: string;
  /** The kinds that this agent carries out. */
  readonly kinds: readonly PushedKind[];
  /** The namespace of a policy that names none. */
  readonly defaultNamespace: string;
}

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: z.unknown().optional(),
    annotations: z.unknown().optional(),
  }),
  spec: z.unknown().optional(),
});

type PushedObject = z.infer<typeof objectSchema>;

const API_VERSION = 'security.kubearmor.com/v1';
const MAX_FILE_NAME_BYTES = 255;

/** Keeps the policies that clients push, one file each, so that they survive the agent. */
export class PushedPolicies implements PolicyReceiver {
  readonly #deps: PushedPoliciesDependencies;
  readonly #options: PushedPoliciesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: PushedPoliciesDependencies, options: PushedPoliciesOptions) {
    this.#deps = deps;
    this.#options = options;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /** Takes back what was not confirmed while no agent ran, and watches the rest. Before policies are read. */
  async start(): Promise<void> {
    await this.#restoreOverdue();
    this.#deps.confirmations.start(() => {
      void this.#takeBack();
    });
  }

  /** Takes nothing back any more; the next agent goes on. */
  async stop(): Promise<void> {
    this.#deps.confirmations.stop();
    await this.#last;
  }

  async apply(
    kind: PushedKind,
    type: PushedType,
    object: unknown,
    change: PushedChange = {},
  ): Promise<PolicyStatus> {
    if (!this.#options.kinds.includes(kind)) return PolicyStatus.NotEnabled;
    const parsed = objectSchema.safeParse(withoutNulls(object));
    if (!parsed.success) return PolicyStatus.Invalid;
    // One at a time: two clients may push the same policy.
    return this.#exclusively(() =>
      type === 'DELETED'
        ? this.#remove(kind, parsed.data, change)
        : this.#put(kind, type, parsed.data, change),
    );
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #put(
    kind: PushedKind,
    type: PushedType,
    object: PushedObject,
    lasting: PushedChange,
  ): Promise<PolicyStatus> {
    const { metadata, spec } = object;
    const { name, namespace, labels, annotations } = metadata;
    const document = {
      apiVersion: API_VERSION,
      kind,
      metadata: { name, namespace, labels, annotations },
      spec,
    };
    const { defaultNamespace } = this.#options;
    const { policies, problems } = parsePolicy(withoutNulls(document), { file: 'pushed', defaultNamespace });
    const [policy] = policies;
    const path = this.#pathOf(this.#keyOf(kind, object));
    if (policy === undefined || problems.length > 0 || path === undefined) {
      const messages = problems.map(({ message }) => message);
      this.#deps.logger.warn({ kind, name, problems: messages }, 'pushed policy is invalid');
      return PolicyStatus.Invalid;
    }
    if (this.#deps.isTaken(policy.key)) {
      this.#deps.logger.warn({ policy: policy.key }, 'pushed policy refused, there is a file of that name');
      return PolicyStatus.Failure;
    }
    const refused = this.#deps.refusal(policy);
    if (refused !== undefined) {
      this.#deps.logger.warn({ policy: policy.key, problem: refused }, 'pushed policy refused');
      return PolicyStatus.Invalid;
    }
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    await this.#change({ key: policy.key, path }, lasting, () =>
      writeFileAtomic(path, text, { mode: 0o600 }),
    );
    return type === 'ADDED' ? PolicyStatus.Applied : PolicyStatus.Modified;
  }

  async #remove(kind: PushedKind, object: PushedObject, lasting: PushedChange): Promise<PolicyStatus> {
    const key = this.#keyOf(kind, object);
    const path = this.#pathOf(key);
    if (path === undefined || !existsSync(path)) return PolicyStatus.NotExist;
    await this.#change({ key, path }, lasting, () => {
      rmSync(path);
    });
    return PolicyStatus.Deleted;
  }

  /** Changes a file and waits until that is in force; what cannot be put in force is not kept either. */
  async #change(
    { key, path }: { readonly key: string; readonly path: string },
    { confirmWithinMs }: PushedChange,
    change: () => unknown,
  ): Promise<void> {
    const { confirmations } = this.#deps;
    const waiting = confirmations.find(key);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    // Noted first: a change that outlives this process must not outlast its time.
    if (confirmWithinMs !== undefined) await confirmations.add({ key, path, before }, confirmWithinMs);
    try {
      await change();
      await this.#deps.settle();
    } catch (thrown) {
      await restoreFile(path, before);
      if (waiting === undefined) await confirmations.forget(key);
      else await confirmations.restore(waiting);
      throw thrown;
    }
    if (confirmWithinMs === undefined) await confirmations.forget(key);
  }

  async #takeBack(): Promise<void> {
    try {
      await this.#exclusively(async () => {
        if (await this.#restoreOverdue()) await this.#deps.settle();
      });
    } catch (thrown) {
      this.#deps.logger.error({ err: thrown }, 'policy that was not confirmed could not be taken back');
    }
  }

  /** Whether there was something to take back. */
  async #restoreOverdue(): Promise<boolean> {
    const { confirmations, logger } = this.#deps;
    const overdue = confirmations.overdue();
    for (const { key, path, before } of overdue) {
      await restoreFile(path, before);
      await confirmations.forget(key);
      const now = before === undefined ? 'it is gone' : 'it is as it was before';
      logger.warn({ policy: key, now }, 'policy was not confirmed in time and is taken back');
    }
    return overdue.length > 0;
  }

  #keyOf(kind: PushedKind, { metadata }: PushedObject): string {
    const { name, namespace = '' } = metadata;
    const effective = namespace === '' ? this.#options.defaultNamespace : namespace;
    return `${kind}/${kind === 'KubeArmorPolicy' ? effective : ''}/${name}`;
  }

  /** The key is escaped: a policy's name must not be able to name another place. */
  #pathOf(key: string): string | undefined {
    const name = `${encodeURIComponent(key.toWellFormed())}.json`;
    return name.length > MAX_FILE_NAME_BYTES ? undefined : join(this.#options.directory, name);
  }
}

async function restoreFile(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) rmSync(path, { force: true });
  else await writeFileAtomic(path, text, { mode: 0o600 });
}

/** KubeArmor's clients write null for what is absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(present.map(([key, each]) => [key, withoutNulls(each)]));
}
