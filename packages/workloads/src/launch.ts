// What starting a scope takes and nothing else, for programs whose start-up time counts.
export { WorkloadsError, type WorkloadsErrorCode } from './errors.js';
export { launchScope, type ScopeLaunchDeps, type ScopeLaunchOptions } from './scope/scope-launch.js';
export {
  resolveScopeSpec,
  type ScopeOptions,
  type ScopeSpec,
  type ScopeSurroundings,
} from './scope/scope-spec.js';
export { SocketScopeAgent, type SocketScopeAgentOptions } from './scope/socket-scope-agent.js';
export { type ForwardedSignal, type SignalSource } from './scope/signal-forwarding.js';
