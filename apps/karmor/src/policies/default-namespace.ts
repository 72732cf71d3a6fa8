/** Where KubeArmor puts policies and workloads outside Kubernetes. */
export const DEFAULT_NAMESPACE = 'container_namespace';
