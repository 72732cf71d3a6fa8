import type { JsonHandler } from '@kubearmor/service';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import { newScopeSchema, type Scopes } from './scopes.js';
import type { WorkloadRegistry } from './workload-registry.js';

/** What the handlers work on. */
export interface ScopeHandlersDeps {
  readonly scopes: Scopes;
  readonly registry: WorkloadRegistry;
  /** Throws where no scope may start. */
  readonly refuse: () => void;
  /** Runs one change at a time. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

const protectSchema = z.object({ id: z.number().int().positive(), pid: z.number().int().positive() });
const idSchema = z.object({ id: z.number().int().positive() });

/** What `karmor run` asks of the agent. */
export function scopeHandlers({
  scopes,
  registry,
  exclusively,
  refuse,
}: ScopeHandlersDeps): Readonly<Record<string, JsonHandler>> {
  return {
    'scope.create': async (params) => {
      refuse();
      const given = newScopeSchema.safeParse(params);
      if (!given.success) throw new AgentError('SCOPE_INVALID', `scope: ${z.prettifyError(given.error)}`);
      const scope = await scopes.create(given.data, Date.now());
      return { id: scope.id, cgroup: registry.createCgroup(scope.id).path };
    },
    'scope.protect': async (params) => {
      const { id, pid } = protectSchema.parse(params);
      await exclusively(() => registry.protect(scopes.get(id), pid));
      return {};
    },
    'scope.remove': async (params) => {
      const { id } = idSchema.parse(params);
      await exclusively(() => registry.remove(id));
      return {};
    },
  };
}
