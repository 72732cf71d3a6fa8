import type { ExecChain } from './exec-chain.js';
import type { GuardAlert } from '../guard-alert.js';

/** What {@link HeldAlerts} need. */
export interface HeldAlertsDeps {
  readonly alert: (alert: GuardAlert) => void;
  /** So many are held. */
  readonly held: (alerts: number) => void;
}

/** Alerts about execs that passed so far: one exec is one operation, told when nothing more of it can be denied (semantics §5). */
export class HeldAlerts {
  readonly #deps: HeldAlertsDeps;
  readonly #chains = new Set<ExecChain>();

  constructor(deps: HeldAlertsDeps) {
    this.#deps = deps;
  }

  /** Holds an exec's alert; of several, what would have been denied comes before what is only audited. */
  hold(chain: ExecChain, alert: GuardAlert | undefined): void {
    if (alert?.decision.verdict === 'deny' && chain.held?.decision.verdict !== 'deny') chain.held = alert;
    chain.held ??= alert;
    if (chain.held === undefined) return;
    this.#chains.add(chain);
    this.#deps.held(this.#chains.size);
    if (chain.expected === undefined) this.tell(chain);
  }

  /** Raises what is held of an exec. */
  tell(chain: ExecChain): void {
    if (!this.#chains.has(chain)) return;
    if (chain.held !== undefined) this.#deps.alert(chain.held);
    this.forget(chain);
  }

  /** Raises everything that is held. */
  tellAll(): void {
    for (const chain of this.#chains) this.tell(chain);
  }

  /** Holds nothing of an exec any more. To be called once something else is told of it: what is held counts as lost if this process dies. */
  forget(chain: ExecChain): void {
    if (this.#chains.delete(chain)) this.#deps.held(this.#chains.size);
  }

  /** Drops what is held of an exec that is judged anew. */
  drop(chain: ExecChain): void {
    chain.held = undefined;
    this.forget(chain);
  }
}
