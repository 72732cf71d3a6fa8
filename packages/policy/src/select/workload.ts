/** What policies are selected for and operations are judged in. */
export interface Workload {
  readonly kind: 'pod' | 'container' | 'scope' | 'unit' | 'host';
  readonly namespace: string;
  readonly name: string;
  /** By default the workload's name. */
  readonly containerName?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether Kubernetes runs it. By default only a `pod`. */
  readonly orchestrated?: boolean;
}
