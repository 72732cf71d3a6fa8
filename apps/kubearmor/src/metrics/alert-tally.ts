import type { Alert, AlertSink } from '@kubearmor/telemetry';

/** Fields of alerts by whose values they are counted. */
export const TALLIED = [
  'HostName',
  'NamespaceName',
  'PodName',
  'ContainerName',
  'PolicyName',
  'Severity',
  'Type',
  'Operation',
  'Action',
] as const;

/** How many alerts had a value in a field. */
export interface AlertCount {
  readonly field: (typeof TALLIED)[number];
  readonly value: string;
  readonly count: number;
}

/** Stands for the values that came when there were too many already. */
const OTHERS = 'others';
const MAX_VALUES = 1000;

/** Counts alerts by the values of their fields, at most {@link MAX_VALUES} for each. */
export class AlertTally implements AlertSink {
  readonly #counts = new Map(TALLIED.map((field) => [field, new Map<string, number>()]));

  write(alert: Alert): void {
    for (const [field, ofField] of this.#counts) {
      const given = alert[field] ?? '';
      const value = ofField.has(given) || ofField.size < MAX_VALUES ? given : OTHERS;
      ofField.set(value, (ofField.get(value) ?? 0) + 1);
    }
  }

  async flush(): Promise<void> {
    // Counted at once.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  /** Every value that came. */
  all(): readonly AlertCount[] {
    return [...this.#counts].flatMap(([field, ofField]) =>
      [...ofField].map(([value, count]) => ({ field, value, count })),
    );
  }
}
