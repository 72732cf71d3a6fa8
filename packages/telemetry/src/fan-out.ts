import type { Counters } from '@kubearmor/service';
import type { Alert } from './alert.js';
import { TelemetryError, type TelemetryErrorCode } from './errors.js';
import type { AlertSink } from './sink.js';

/** Gives every alert to several sinks; the failure of one does not concern the others. */
export class FanOut implements AlertSink {
  readonly #sinks: readonly AlertSink[];
  readonly #counters: Counters;

  constructor(deps: { readonly counters: Counters }, sinks: readonly AlertSink[]) {
    this.#sinks = sinks;
    this.#counters = deps.counters;
  }

  write(alert: Alert): void {
    for (const sink of this.#sinks) {
      try {
        sink.write(alert);
      } catch {
        this.#counters.counter('alerts_dropped', { sink: 'fan-out', cause: 'thrown' }).add();
      }
    }
  }

  async flush(): Promise<void> {
    await settle(
      'SINK_FLUSH_FAILED',
      this.#sinks.map((sink) => sink.flush()),
    );
  }

  async close(): Promise<void> {
    await settle(
      'SINK_CLOSE_FAILED',
      this.#sinks.map((sink) => sink.close()),
    );
  }
}

async function settle(code: TelemetryErrorCode, attempts: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(attempts);
  const failures = outcomes.flatMap((outcome): unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );
  if (failures.length === 0) return;
  throw new TelemetryError(code, failures.map(String).join('; '), { cause: new AggregateError(failures) });
}
