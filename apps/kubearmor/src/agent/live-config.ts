import type { Visibility } from '@kubearmor/monitor';
import type { Postures } from '@kubearmor/policy';
import type { ThrottleOptions } from '@kubearmor/telemetry';

/** The part of an agent's configuration that can change while it runs. */
export interface LiveConfig {
  /** What is watched of workloads. */
  readonly visibility: Visibility;
  /** What is watched of the host. */
  readonly hostVisibility: Visibility;
  /** For workloads. */
  readonly postures: Postures;
  /** For the host. */
  readonly hostPostures: Postures;
  /** How alerts are held back; undefined for not at all. */
  readonly throttle: Pick<ThrottleOptions, 'maxAlertPerSec' | 'throttleSec'> | undefined;
  /** Whether the log is detailed and goes to whoever watches messages. */
  readonly isDebug: boolean;
}
