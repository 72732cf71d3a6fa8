import { existsSync, readFileSync } from 'node:fs';
import type { Workload } from '@kubearmor/policy';
import { writeFileAtomic } from '@kubearmor/service';
import { z } from 'zod';
import { AgentError } from '../errors.js';

/** A scope that `karmor run` started. */
export interface Scope {
  readonly id: number;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly createdAtMs: number;
}

const scopeSchema = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  namespace: z.string(),
  labels: z.record(z.string(), z.string()),
  image: z.string(),
  createdAtMs: z.number(),
});

/** What a scope is created from. */
export interface NewScope {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels: Record<string, string>;
  readonly image?: string | undefined;
}

/** Parameters of `scope.create`. */
export const newScopeSchema: z.ZodType<NewScope> = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
    .optional(),
  labels: z.record(z.string(), z.string()),
  image: z.string().optional(),
});

const MAX_GONE = 4096;

/** The scopes of this machine, written to a file so that an agent finds them again. */
export class Scopes {
  readonly #file: string;
  readonly #defaultNamespace: string;
  readonly #scopes = new Map<number, Scope>();
  /** Scopes that are gone, whose last alerts may still be on their way. */
  readonly #gone = new Map<number, Scope>();
  #nextId = 1;

  constructor(file: string, defaultNamespace: string) {
    this.#file = file;
    this.#defaultNamespace = defaultNamespace;
    if (!existsSync(file)) return;
    for (const scope of z.array(scopeSchema).parse(JSON.parse(readFileSync(file, 'utf8')))) {
      this.#scopes.set(scope.id, scope);
      this.#nextId = Math.max(this.#nextId, scope.id + 1);
    }
  }

  all(): readonly Scope[] {
    return [...this.#scopes.values()];
  }

  get(id: number): Scope {
    const scope = this.#scopes.get(id);
    if (scope === undefined)
      throw new AgentError('SCOPE_UNKNOWN', `scope ${id}: expected one that was created, got none`);
    return scope;
  }

  /** A scope that is there or was until lately. */
  find(id: number): Scope | undefined {
    return this.#scopes.get(id) ?? this.#gone.get(id);
  }

  /** Registers a scope. */
  async create(given: NewScope, nowMs: number): Promise<Scope> {
    const scope: Scope = {
      id: this.#nextId++,
      name: given.name,
      namespace: given.namespace ?? this.#defaultNamespace,
      labels: given.labels,
      image: given.image ?? '',
      createdAtMs: nowMs,
    };
    this.#scopes.set(scope.id, scope);
    await this.#write();
    return scope;
  }

  /** Forgets a scope. */
  async remove(id: number): Promise<void> {
    const scope = this.#scopes.get(id);
    if (scope === undefined) return;
    this.#scopes.delete(id);
    this.#gone.set(id, scope);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MAX_GONE && oldest !== undefined) this.#gone.delete(oldest);
    await this.#write();
  }

  async #write(): Promise<void> {
    await writeFileAtomic(this.#file, JSON.stringify(this.all()), { mode: 0o600 });
  }
}

/** A scope as policies select it. */
export function toWorkload(scope: Scope): Workload {
  return {
    kind: 'scope',
    namespace: scope.namespace,
    name: scope.name,
    containerName: scope.name,
    labels: scope.labels,
  };
}

/** Whether nothing that a scope does is to be refused: as KubeArmor has it, by a label. */
export function isAudited(scope: Scope): boolean {
  return scope.labels['kubearmor-policy'] === 'audited';
}
