import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { PolicyStatus, type PolicyService, type policy } from '@kubearmor/protocol';
import type { Logger } from '@kubearmor/service';
import { z } from 'zod';
import { PEER, peerName } from '../peer/peer.js';
import { policyRefusal, type PolicyAccess } from '../peer/policy-access.js';
import type { PolicyReceiver, PushedKind } from './policy-receiver.js';

/** What {@link policyService} needs. */
export interface PolicyServiceDependencies {
  readonly receiver: PolicyReceiver;
  readonly access: PolicyAccess;
  readonly logger: Logger;
}

const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
  object: z.looseObject({ metadata: z.looseObject({ name: z.string().min(1) }) }),
});

/** Answers KubeArmor's PolicyService: takes policies from those who may push them. */
export function policyService(deps: PolicyServiceDependencies): ServiceImpl<typeof PolicyService> {
  return {
    containerPolicy: async (request, context) => ({
      status: await take(deps, 'KubeArmorPolicy', request, context),
    }),
    hostPolicy: async (request, context) => ({
      status: await take(deps, 'KubeArmorHostPolicy', request, context),
    }),
    networkPolicy: (_request, context) => {
      authorize(deps, context);
      return { status: PolicyStatus.NotEnabled };
    },
  };
}

async function take(
  deps: PolicyServiceDependencies,
  kind: PushedKind,
  request: policy,
  context: HandlerContext,
): Promise<PolicyStatus> {
  const client = authorize(deps, context);
  const event = eventSchema.safeParse(parseJson(request.policy));
  if (!event.success) {
    deps.logger.warn({ client, kind, problem: z.prettifyError(event.error) }, 'pushed policy refused');
    return PolicyStatus.Invalid;
  }
  const { type, object } = event.data;
  const status = await deps.receiver.apply(kind, type, object).catch((thrown: unknown) => {
    deps.logger.error({ client, kind, name: object.metadata.name, err: thrown }, 'pushed policy failed');
    return PolicyStatus.Failure;
  });
  deps.logger.info({ client, kind, type, name: object.metadata.name, status }, 'policy was pushed');
  return status;
}

function authorize({ access, logger }: PolicyServiceDependencies, context: HandlerContext): string {
  const peer = context.values.get(PEER);
  const client = peerName(peer);
  const refusal = policyRefusal(peer, access);
  if (refusal === undefined) return client;
  logger.warn({ client, refusal }, 'client may not push policies');
  throw new ConnectError(refusal, Code.PermissionDenied);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
}
