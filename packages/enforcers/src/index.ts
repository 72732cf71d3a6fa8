export { EnforcerError, type EnforcerErrorCode } from './errors.js';
export type {
  AlertContext,
  Applied,
  CgroupHierarchy,
  Enforcer,
  EnforcerStatus,
  ProtectedTask,
  RaisedAlert,
  Support,
  UnitCgroup,
  UnitTasks,
} from './enforcer.js';
export { EnginePrograms, type EngineRules } from './bpf-lsm/engine-programs.js';
export type { EngineEvent } from './bpf-lsm/engine-layout.js';
export { ImageMaps } from './bpf-lsm/image-maps.js';
export { Guard, type GuardOptions } from './guard/guard.js';
export { guardPins } from './guard/guard-pins.js';
export { runAnswerer, type AnswererChannel, type AnswererOptions } from './guard/answerer/answerer.js';
export { runKeeper, type RunKeeperOptions } from './guard/keeper/run-keeper.js';
export { readProgramHeader, type ProgramHeader } from './guard/judge/program-header.js';
export { reachOf } from './guard/reach.js';
export { isUnit, sharesHostRoot, WORKLOAD } from './guard/workload-number.js';
export { RootResolver } from './guard/roots/root-resolver.js';
export { releaseGuard, type ReleaseGuardOptions } from './guard/release-guard.js';
export {
  endProcess,
  identify,
  identitySchema,
  runsCommand,
  type ProcessIdentity,
} from './guard/process-identity.js';
