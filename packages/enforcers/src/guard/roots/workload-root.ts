import { close } from '@kubearmor/kernel';
import type { MountEntry } from '@kubearmor/kernel';
import { RootResolver } from './root-resolver.js';
import { WorkloadMounts } from './workload-mounts.js';

/** Programs that were installed since are no new multi-call program before this. */
const FRESH_MS = 10_000;

/** What a root needs besides its descriptor. */
export interface WorkloadRootOptions {
  readonly nowMs: () => number;
  /** Called while something takes long, now and then. */
  readonly onStep: () => void;
}

/** The root of one workload, or of all that live in the machine's own: how names are found in it. */
export class WorkloadRoot {
  readonly fd: number;
  readonly mounts: WorkloadMounts;
  /** The mount table that the names are by. */
  readonly mountinfo: string;
  readonly #options: WorkloadRootOptions;
  #resolver: RootResolver;
  #resolvedAtMs: number;
  #users = 0;

  /** Takes the descriptor over. */
  constructor(fd: number, mounts: readonly MountEntry[], mountinfo: string, options: WorkloadRootOptions) {
    this.fd = fd;
    this.mounts = new WorkloadMounts(fd, mounts);
    this.mountinfo = mountinfo;
    this.#options = options;
    this.#resolver = new RootResolver(fd, '', options.onStep);
    this.#resolvedAtMs = options.nowMs();
  }

  /** Resolves names, by a list of programs that is not old. */
  resolver(): RootResolver {
    const { nowMs, onStep } = this.#options;
    if (nowMs() - this.#resolvedAtMs > FRESH_MS) {
      this.#resolver = new RootResolver(this.fd, '', onStep);
      this.#resolvedAtMs = nowMs();
    }
    return this.#resolver;
  }

  /** One more workload lives in it. */
  share(): this {
    this.#users++;
    return this;
  }

  /** One workload less; with the last the descriptors go. True when they did. */
  release(): boolean {
    if (--this.#users > 0) return false;
    this.mounts.close();
    close(this.fd);
    return true;
  }
}
