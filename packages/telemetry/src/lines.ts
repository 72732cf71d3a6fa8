/** How many messages are one workload's. */
export interface WorkloadShare {
  /** The workload's ContainerID, empty for the host. */
  readonly workload: string;
  readonly messages: number;
}

/** Whole lines of text, each a message, in UTF-8. */
export interface Lines {
  /** Valid only while whoever gives them has the turn: who keeps them copies them. */
  readonly bytes: Uint8Array;
  readonly shares: readonly WorkloadShare[];
}
