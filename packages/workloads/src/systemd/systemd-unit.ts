/** A service of systemd, started or not. */
export interface SystemdUnit {
  /** Such as `nginx.service`. */
  readonly name: string;
  /** Such as `system.slice`. */
  readonly slice: string;
  /** Its cgroup from the root of systemd's hierarchy. */
  readonly cgroup: string;
}
