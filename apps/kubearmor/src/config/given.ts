import type { SettingName } from './settings.js';

/** A value as it was given, and where. */
export interface Given {
  readonly text: string;
  /** For messages: `flag --gRPC`, `environment CLUSTER`, `file /etc/kubearmor/kubearmor.yaml: cluster`. */
  readonly where: string;
}

/** What one source gives. */
export type Layer = ReadonlyMap<SettingName, Given>;
