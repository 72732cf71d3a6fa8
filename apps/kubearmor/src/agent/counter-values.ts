import type { Counters } from '@kubearmor/service';

/** The values of counters by their names, each with its labels behind it. */
export function counterValues(counters: Counters): Readonly<Record<string, number>> {
  const values = counters.snapshot().map(({ name, labels, value }) => {
    return [[name, ...Object.values(labels)].join('.'), value] as const;
  });
  return Object.fromEntries(values);
}
