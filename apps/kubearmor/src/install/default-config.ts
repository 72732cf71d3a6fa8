import { SETTINGS } from '../config/settings.js';

/** The configuration file that a machine gets which has none. */
export function defaultConfig(): string {
  const { gRPC, hostVisibility, defaultFilePosture } = SETTINGS;
  return `# Settings of the KubeArmor agent, one "name: value" a line. Each has a default; the reference lists them all:
# kubearmor agent --help. Postures, visibility, throttling and debug change while the agent runs.
#
# defaultFilePosture: ${defaultFilePosture.default}
# hostVisibility: ${hostVisibility.default}
# gRPC: ${gRPC.default}
cluster: default
`;
}
