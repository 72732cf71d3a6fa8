import { setTimeout as sleep } from 'node:timers/promises';
import { close, pidfdGetfd, pidfdOpen, pidfdSendSignal, pollIn } from '@kubearmor/kernel';
import { ANSWERER_FDS } from '../answerer/answerer.js';
import { isRunning, runsCommand, type ProcessIdentity } from '../process-identity.js';
import { SharedBatch } from '../answerer/shared-batch.js';

const SIGTERM = 15;
const SIGKILL = 9;
const LOOK_MS = 5;
/** How long an answerer may take to finish the events that it has taken. */
const PATIENCE_MS = 300;

/** An answerer whose keeper is gone: it goes on by the rules it had until a new one knows them. */
export class Orphan {
  readonly identity: ProcessIdentity;
  readonly group: number;
  readonly shared: SharedBatch;
  readonly #pidfd: number;

  private constructor(identity: ProcessIdentity, pidfd: number) {
    this.identity = identity;
    this.#pidfd = pidfd;
    this.group = pidfdGetfd(pidfd, ANSWERER_FDS.group);
    const shared = pidfdGetfd(pidfd, ANSWERER_FDS.shared);
    this.shared = new SharedBatch(shared);
    close(shared);
  }

  /** Takes a share of what an answerer holds; undefined when it is gone. */
  static adopt(identity: ProcessIdentity): Orphan | undefined {
    const pidfd = pidfdOpen(identity.pid);
    if (pidfd < 0) return undefined;
    try {
      if (isRunning(identity) && runsCommand(identity, 'answerer')) return new Orphan(identity, pidfd);
    } catch {
      // It has ended while we reached for what it held.
    }
    close(pidfd);
    return undefined;
  }

  get hasEnded(): boolean {
    return pollIn(this.#pidfd, 0) !== 0;
  }

  /** Ends it, after the events that it has taken if it can. */
  async end(): Promise<void> {
    pidfdSendSignal(this.#pidfd, SIGTERM);
    for (let waitedMs = 0; waitedMs < PATIENCE_MS && !this.hasEnded; waitedMs += LOOK_MS)
      await sleep(LOOK_MS);
    pidfdSendSignal(this.#pidfd, SIGKILL);
    while (!this.hasEnded) await sleep(LOOK_MS);
  }

  /** Lets go of everything but the group. */
  close(): void {
    this.shared.close();
    close(this.#pidfd);
  }
}
