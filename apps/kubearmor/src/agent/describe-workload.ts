import type { AlertWorkload } from '@kubearmor/telemetry';
import type { Scope } from './scopes.js';

/** A scope as alerts and logs name it. */
export function describeWorkload(scope: Scope): AlertWorkload {
  const labels = Object.entries(scope.labels).map(([key, value]) => `${key}=${value}`);
  return {
    NamespaceName: scope.namespace,
    PodName: scope.name,
    ContainerID: String(scope.id),
    ContainerName: scope.name,
    ContainerImage: scope.image,
    Labels: labels.join(','),
  };
}
