import { GuardedMachine, type MachineAlert, type MachineOptions } from './guarded-machine.ts';
import { Storm } from './storm.ts';
import { stormPolicy } from './storm-policy.ts';
import { StormScope } from './storm-scope.ts';
import { inside, outcomeOf, outside } from './storm-tasks.ts';

/** How long a slow machine may take to write the alerts of a storm down. */
const ALERTS_MS = 30_000;

/** A guarded machine with a storm in a scope and another one outside. */
export class Siege {
  readonly machine: GuardedMachine;
  readonly scope: StormScope;
  readonly outside: Storm;

  private constructor(machine: GuardedMachine, scope: StormScope, outsideStorm: Storm) {
    this.machine = machine;
    this.scope = scope;
    this.outside = outsideStorm;
  }

  /** Starts it all; the storm goes on and is judged by its policy. */
  static async start(options: MachineOptions = {}): Promise<Siege> {
    const machine = await GuardedMachine.start(options);
    try {
      machine.writePolicy('storm.yaml', stormPolicy);
      await machine.untilStatus('the policy', ({ policies }) => policies.length === 1);
      const scope = await StormScope.start(machine, Object.values(inside));
      const siege = new Siege(machine, scope, Storm.outside(Object.values(outside)));
      await scope.storm.fresh();
      await machine.untilSpare();
      return siege;
    } catch (thrown) {
      await machine[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  get storm(): Storm {
    return this.scope.storm;
  }

  /** Ends both storms and waits for the alerts of all that was refused; gives how many there are of both. */
  async finish(): Promise<{ readonly refused: number; readonly alerts: number; readonly lost: number }> {
    await this.outside.end();
    await this.scope.end();
    const { denied, wronglyDenied } = outcomeOf(this.storm);
    const refused = denied + wronglyDenied;
    const count = (all: readonly MachineAlert[]): number =>
      all.filter(({ Result }) => Result === 'Permission denied').length;
    // The kernel's ring holds what some seconds bring; where a busy machine takes longer to start a guard, the rest is counted.
    const { eventsLost = 0, alertsDropped = 0 } = (await this.machine.status()).counters;
    const lost = eventsLost + alertsDropped;
    const alerts = count(await this.machine.untilAlerts((all) => count(all) + lost >= refused, ALERTS_MS));
    return { refused, alerts, lost };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outside.end();
    await this.scope.end();
    await this.machine[Symbol.asyncDispose]();
  }
}
