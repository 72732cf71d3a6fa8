import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { PolicyStatus, type PolicyService, type policy } from '@kubearmor/protocol';
import { parseDuration, type Logger } from '@kubearmor/service';
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

/** The metadata by which a client wants a change to be taken back unless it confirms it. */
const CONFIRM = 'kubearmor-confirm';
const MAX_CONFIRM_MS = 24 * 60 * 60 * 1000;

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
  const confirmWithinMs = readConfirm(context);
  const status = await deps.receiver
    .apply(kind, type, object, { confirmWithinMs })
    .catch((thrown: unknown) => {
      deps.logger.error({ client, kind, name: object.metadata.name, err: thrown }, 'pushed policy failed');
      return PolicyStatus.Failure;
    });
  deps.logger.info({ client, kind, type, name: object.metadata.name, status }, 'policy was pushed');
  // Whoever asked must learn that this agent knows what it was asked for: others would keep the policy for ever.
  if (confirmWithinMs !== undefined) context.responseHeader.set(CONFIRM, `${confirmWithinMs}ms`);
  return status;
}

/** The time within which a change must be confirmed, where the client wants that. */
function readConfirm({ requestHeader }: HandlerContext): number | undefined {
  const text = requestHeader.get(CONFIRM);
  if (text === null) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0 && milliseconds <= MAX_CONFIRM_MS) return milliseconds;
  throw new ConnectError(
    `${CONFIRM}: expected a duration of at most 24h such as 90s, got ${text}`,
    Code.InvalidArgument,
  );
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
