import { NO_WORKLOAD, type ProcessNode } from './process-node.js';

const HOST = 0;
const NO_SESSION = '0';

/**
 * Which workload each process is of, and who came into one that was running already: a shell in a container, a command run
 * beside a service. Such a process and all that it makes share a session.
 */
export class WorkloadMembers {
  readonly #counts = new Map<number, number>();

  /** A process was made by another one, which may be of another workload or not known. */
  inherit(node: ProcessNode, workload: number, maker: ProcessNode | undefined): void {
    this.settle(node, workload);
    if (maker?.workload === workload) node.execId = maker.execId;
  }

  /** A record says whose a process is. Into a workload that has others it has come from outside. */
  follow(node: ProcessNode, workload: number): void {
    if (node.workload === workload) return;
    const isFirst = workload === HOST || (this.#counts.get(workload) ?? 0) === 0;
    this.settle(node, workload);
    if (!isFirst) node.execId = sessionOf(node);
  }

  /** A process is of a workload, and has not come to it from outside. */
  settle(node: ProcessNode, workload: number): void {
    this.leave(node);
    node.workload = workload;
    node.execId = NO_SESSION;
    node.log = undefined;
    this.#counts.set(workload, (this.#counts.get(workload) ?? 0) + 1);
  }

  /** A process has ended. */
  leave(node: ProcessNode): void {
    if (node.workload === NO_WORKLOAD) return;
    const left = (this.#counts.get(node.workload) ?? 0) - 1;
    if (left > 0) this.#counts.set(node.workload, left);
    else this.#counts.delete(node.workload);
    node.workload = NO_WORKLOAD;
  }
}

// As KubeArmor makes it, of when and who.
function sessionOf({ startNs, pid }: ProcessNode): string {
  return String(BigInt(startNs) | BigInt(pid));
}
