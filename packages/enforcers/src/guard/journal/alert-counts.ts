import { mmapShared, pageSize, type BpfMap } from '@kubearmor/kernel';
import { ALERT_COUNT } from '../layout.js';

/**
 * Counts alerts in memory that all processes of the guard map and that its pins keep: whoever dies, what it had counted
 * stays counted.
 */
export class AlertCounts {
  readonly #words: BigUint64Array;

  private constructor(words: BigUint64Array) {
    this.#words = words;
  }

  /** Maps the map `alert_counts`. */
  static open(map: BpfMap): AlertCounts {
    const { buffer, byteOffset } = mmapShared(map.fd, pageSize());
    return new AlertCounts(new BigUint64Array(buffer, byteOffset, Object.keys(ALERT_COUNT).length));
  }

  /** How many were raised, and how many of them the agent will never see. */
  get counts(): { readonly alerts: number; readonly alertsDropped: number } {
    return {
      alerts: Number(Atomics.load(this.#words, ALERT_COUNT.raised)),
      alertsDropped: Number(Atomics.load(this.#words, ALERT_COUNT.lost)),
    };
  }

  /** One is raised. */
  raise(): void {
    Atomics.add(this.#words, ALERT_COUNT.raised, 1n);
  }

  /** So many are lost. */
  lose(alerts = 1): void {
    Atomics.add(this.#words, ALERT_COUNT.lost, BigInt(alerts));
  }

  /** So many wait in the memory of the process that judges. */
  hold(alerts: number): void {
    Atomics.store(this.#words, ALERT_COUNT.held, BigInt(alerts));
  }

  /** Another process judges from now on: what the one before held has gone with it. */
  succeed(): void {
    const held = Atomics.exchange(this.#words, ALERT_COUNT.held, 0n);
    Atomics.add(this.#words, ALERT_COUNT.raised, held);
    Atomics.add(this.#words, ALERT_COUNT.lost, held);
  }
}
