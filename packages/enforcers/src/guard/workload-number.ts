/** Workloads by their numbers, as bpf/include/guard.h has them. */
export const WORKLOAD = {
  /** Every task that is in no other workload. */
  host: 0,
  /** Tasks of containers, which are no workload of this enforcer. */
  container: 0x7fff_ffff,
  /** The bit that numbers of systemd units have. */
  unit: 0x4000_0000,
} as const;

/** Whether a number is that of a systemd unit. */
export function isUnit(workload: number): boolean {
  return (workload & WORKLOAD.unit) !== 0 && workload !== WORKLOAD.container;
}

/** Whether a workload lives in the machine's own root, beside others. */
export function sharesHostRoot(workload: number): boolean {
  return workload === WORKLOAD.host || isUnit(workload);
}
