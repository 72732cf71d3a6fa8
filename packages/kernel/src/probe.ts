import { probeBpf } from './probe-bpf.js';
import { probeConfinement } from './probe-confinement.js';
import type { Capability, ProbeOptions } from './probe-result.js';
import { probeSystem } from './probe-system.js';

/**
 * Tries each thing the project builds on, for real: loads and attaches programs that do nothing, marks a scratch file
 * system, creates and removes a scratch cgroup. It leaves nothing behind and touches no other process.
 */
export function probeCapabilities(options: ProbeOptions = {}): readonly Capability[] {
  return [...probeSystem(), ...probeBpf(), ...probeConfinement(options)];
}
