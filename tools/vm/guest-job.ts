/** What a guest is to do, and on which machine. */
export interface GuestJob {
  /** Shell text; runs as root in the checkout. */
  readonly command: string;
  /** What the kernel starts. `systemd` runs the job as a unit of the machine's own systemd. */
  readonly init: 'plain' | 'systemd';
  readonly memoryMb: number;
  readonly cpus: number;
  /** How long the guest may live. */
  readonly timeoutMs: number;
  /** Security modules, in the kernel's notation. */
  readonly lsm: string;
  /** More of the kernel's command line. */
  readonly append: string;
  /**
   * What the guest's clock goes by: `real` time; its `work`, and real time only while it waits, so that what has so many
   * seconds there has them however busy this machine is; or nothing but its `instructions`, which repeats. The latter two
   * on one processor.
   */
  readonly clock: 'real' | 'work' | 'instructions';
  /** A folder that the guest has as /vm, for input and results; undefined for one that goes away with the guest. */
  readonly share: string | undefined;
}

/** What is not said otherwise. */
export const guestDefaults: Omit<GuestJob, 'command'> = {
  init: 'plain',
  memoryMb: 2048,
  cpus: 2,
  timeoutMs: 600_000,
  lsm: 'landlock,lockdown,yama,integrity,apparmor,bpf',
  append: '',
  clock: 'real',
  share: undefined,
};
