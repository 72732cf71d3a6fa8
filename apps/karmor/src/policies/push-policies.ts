import { Code, ConnectError, type Client } from '@connectrpc/connect';
import { PolicyService, PolicyStatus, PolicyStatusSchema } from '@kubearmor/protocol';
import type { GrpcConnection } from '../connection/grpc-connection.js';
import { grpcFailure } from '../connection/grpc-failure.js';
import { KarmorError } from '../errors.js';
import type { PolicyDocument } from './policy-document.js';

/** What is to become of policies. */
export interface PushOptions {
  readonly type: 'ADDED' | 'DELETED';
  /** As it was written, such as `5m`. By default they stay. */
  readonly confirm?: string | undefined;
}

/** What the agent answered to one policy. */
export interface PushAnswer {
  readonly key: string;
  /** As KubeArmor calls it: `Applied`, `Invalid` and so on. */
  readonly status: string;
  readonly isDone: boolean;
  /** Whether the agent said that it will undo the change; undefined where that was not asked for. */
  readonly isConfirmAwaited?: boolean;
}

const CONFIRM = 'kubearmor-confirm';
const TIMEOUT_MS = 30_000;
const DONE: ReadonlySet<PolicyStatus> = new Set([
  PolicyStatus.Applied,
  PolicyStatus.Modified,
  PolicyStatus.Deleted,
]);

const METHODS = {
  KubeArmorPolicy: 'containerPolicy',
  KubeArmorHostPolicy: 'hostPolicy',
  KubeArmorNetworkPolicy: 'networkPolicy',
} as const;

/** Checks that there is a call for every policy. Throws POLICY_INVALID. */
export function checkKinds(documents: readonly PolicyDocument[]): void {
  const odd = documents.find(({ kind }) => !isPushed(kind));
  if (odd === undefined) return;
  const expected = Object.keys(METHODS).join(', ');
  const hint =
    odd.kind === 'KubeArmorClusterPolicy'
      ? '; the agent reads cluster policies from its directory of policies'
      : '';
  throw new KarmorError(
    'POLICY_INVALID',
    `${odd.file}:${odd.line}: kind: expected one that can be pushed (${expected}), got ${odd.kind}${hint}`,
  );
}

/** Sends policies one after the other, and gives the answers as they come. */
export async function* pushPolicies(
  connection: GrpcConnection,
  documents: readonly PolicyDocument[],
  options: PushOptions,
): AsyncGenerator<PushAnswer, void, undefined> {
  const client = connection.client(PolicyService);
  for (const document of documents) {
    try {
      yield await push(client, document, options);
    } catch (thrown) {
      throw grpcFailure(thrown, connection.name);
    }
  }
}

async function push(
  client: Client<typeof PolicyService>,
  { kind, key, object }: PolicyDocument,
  { type, confirm }: PushOptions,
): Promise<PushAnswer> {
  if (!isPushed(kind)) throw new ConnectError(`no call for ${kind}`, Code.Unimplemented);
  let isConfirmAwaited = false;
  const { status } = await client[METHODS[kind]](
    { policy: new TextEncoder().encode(JSON.stringify({ type, object })) },
    {
      timeoutMs: TIMEOUT_MS,
      ...(confirm === undefined ? {} : { headers: { [CONFIRM]: confirm } }),
      onHeader: (headers) => {
        isConfirmAwaited = headers.has(CONFIRM);
      },
    },
  );
  const name = PolicyStatusSchema.value[status]?.name ?? String(status);
  const answer = { key, status: name, isDone: DONE.has(status) };
  return confirm === undefined ? answer : { ...answer, isConfirmAwaited };
}

function isPushed(kind: string): kind is keyof typeof METHODS {
  return kind in METHODS;
}
