export { WorkloadsError, type WorkloadsErrorCode } from './errors.js';
export { ScopeCgroup, scopeCgroupPath, type ScopeCgroupRemoveOptions } from './scope/scope-cgroup.js';
export type { ScopeAgent, ScopeRequest, ScopeTicket } from './scope/scope-agent.js';
export { SocketScopeAgent, type SocketScopeAgentOptions } from './scope/socket-scope-agent.js';
export {
  resolveScopeSpec,
  type ConfinementSpec,
  type NamespaceMode,
  type NamespaceModes,
  type ScopeOptions,
  type ScopeSpec,
  type ScopeSurroundings,
} from './scope/scope-spec.js';
export { launchScope, type ScopeLaunchDeps, type ScopeLaunchOptions } from './scope/scope-launch.js';
export { FORWARDED_SIGNALS, type ForwardedSignal, type SignalSource } from './scope/signal-forwarding.js';
export { BASELINE_RULES } from './scope/baseline-filter.js';
export { CONFINEMENT_RULES } from './scope/confinement-filter.js';
export { planScopeRoot, type ScopeRootOptions } from './scope/scope-root.js';
export type { MountStep } from './scope/mount-step.js';
export { findSystemdHierarchy, type SystemdHierarchy } from './systemd/systemd-hierarchy.js';
export type { SystemdUnit } from './systemd/systemd-unit.js';
export { SystemdUnits, type SystemdUnitsOptions } from './systemd/systemd-units.js';
