import { CAPABILITY_NAMES, CONTAINER_CAPABILITIES, type CapabilityName } from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';

/** What is asked for beyond, and taken away from, the capabilities of a container. */
export interface CapabilityChanges {
  /** Names with or without `CAP_`, in any case, or `ALL`. */
  readonly add: readonly string[];
  /** The same; wins over `add`, unless it is `ALL`: then only what is added by name is left. */
  readonly drop: readonly string[];
}

/** The capabilities of a workload. */
export interface CapabilityChoice {
  /** All that it may have. */
  readonly granted: readonly CapabilityName[];
  /** Those of them that were asked for by name: a user that is not root gets these and no others. */
  readonly asked: readonly CapabilityName[];
}

/** Decides the capabilities of a workload, starting from those of a container. */
export function chooseCapabilities(changes: CapabilityChanges): CapabilityChoice {
  const dropsAll = changes.drop.some(isAll);
  const addsAll = changes.add.some(isAll);
  const asked = new Set(changes.add.filter((text) => !isAll(text)).map(parseCapability));
  const dropped = new Set(changes.drop.filter((text) => !isAll(text)).map(parseCapability));
  const start = addsAll ? CAPABILITY_NAMES : dropsAll ? [] : CONTAINER_CAPABILITIES;
  const isGranted = (name: CapabilityName): boolean =>
    (start.includes(name) || asked.has(name)) && !dropped.has(name);
  const granted = CAPABILITY_NAMES.filter(isGranted);
  return { granted, asked: granted.filter((name) => asked.has(name)) };
}

/** Parses a capability's name, with or without `CAP_` and in any case. */
export function parseCapability(text: string): CapabilityName {
  const upper = text.toUpperCase();
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  const name = CAPABILITY_NAMES.find((candidate) => candidate === full);
  if (name === undefined) {
    const message = `capability: expected a name such as net_admin, or ALL, got ${JSON.stringify(text)}`;
    throw new WorkloadsError('SCOPE_SPEC_INVALID', message);
  }
  return name;
}

function isAll(text: string): boolean {
  return text.toUpperCase() === 'ALL';
}
