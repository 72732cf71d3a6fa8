/** KubeArmor's `feeder.Message`: a line of the agent's own log, for its clients. */
export interface Message {
  /** Seconds since the Unix epoch. */
  readonly Timestamp: number;
  /** RFC 3339 in UTC with microseconds. */
  readonly UpdatedTime: string;
  readonly ClusterName?: string;
  readonly HostName?: string;
  readonly HostIP?: string;
  readonly Type: 'Message';
  readonly Level: 'INFO' | 'DEBUG' | 'WARN' | 'ERROR';
  readonly Message: string;
}
