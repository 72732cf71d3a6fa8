import type { ServiceImpl } from '@connectrpc/connect';
import type { LogService } from '@kubearmor/protocol';

/** Answers the unary call of KubeArmor's LogService; its streams are answered elsewhere. */
export function logService(): Partial<ServiceImpl<typeof LogService>> {
  return {
    // Clients ask whether somebody is there by whether their own number comes back.
    healthCheck: ({ nonce }) => ({ Retval: nonce }),
  };
}
