import { close } from '@kubearmor/kernel';
import { Orphan } from './orphan.js';
import type { ProcessIdentity } from '../process-identity.js';
import { Silence } from './silence.js';
import type { StandInWorker } from './stand-in-worker.js';

/** What is left of a guard whose keeper is gone. */
export class Orphans {
  #orphans: readonly Orphan[];
  readonly #silence: Silence;
  /** The fanotify group they hold; undefined when nothing is left. */
  readonly group: number | undefined;

  constructor(identities: readonly ProcessIdentity[], silence: Silence) {
    this.#orphans = identities.flatMap((identity) => Orphan.adopt(identity) ?? []);
    this.#silence = silence;
    const [first, ...rest] = this.#orphans;
    this.group = first?.group;
    // All are descriptors of one group.
    for (const { group } of rest) close(group);
  }

  get areLeft(): boolean {
    return this.#orphans.length > 0;
  }

  get identities(): readonly ProcessIdentity[] {
    return this.#orphans.map((orphan) => orphan.identity);
  }

  /** For how long the one that answers has not; infinite once it has ended. */
  silentMs(nowMs: number): number {
    const [orphan] = this.#orphans;
    if (orphan === undefined) return 0;
    return orphan.hasEnded ? Infinity : this.#silence.look(orphan.shared.heartbeat, nowMs);
  }

  /** Ends them; what they had taken and not answered, the stand-in does. */
  async dismiss(standIn: StandInWorker): Promise<void> {
    const orphans = this.#orphans;
    for (const orphan of orphans) await orphan.end();
    this.#orphans = [];
    for (const orphan of orphans) {
      standIn.finish(orphan.shared);
      orphan.close();
    }
  }
}
