export { type CallDescription } from './calls/call.js';
export { CALLS } from './calls/call-table.js';
export { MonitorError, type MonitorErrorCode } from './errors.js';
export { EventReader, type EventHandler } from './event-reader.js';
export { KernelTime } from './log/kernel-time.js';
export { LogComposer, type LogComposerDeps } from './log/log-composer.js';
export { type NameUser } from './log/log-process.js';
export { Monitor, type MonitorDeps, type MonitorDrops, type MonitorOptions } from './monitor.js';
export { type MonitorEvent } from './monitor-event.js';
export { type ProcessImage } from './process/process-image.js';
export { type Ancestor, type ProcessNode } from './process/process-node.js';
export { type ProcessFacts, type ProcessSource } from './process/process-source.js';
export { ProcessTree } from './process/process-tree.js';
export { ProcSource } from './process/proc-source.js';
export { type MissingProgram } from './programs/attachments.js';
export { MonitorPrograms, type MonitorProgramsOptions } from './programs/monitor-programs.js';
export { type MonitorVariant } from './programs/monitor-variant.js';
export { type Tally } from './programs/tally.js';
export { type EventView, type Peer } from './record/event-view.js';
export { type SocketAddress } from './record/socket-address.js';
export {
  EVERYTHING,
  NOTHING,
  parseVisibility,
  USUAL,
  type Visibility,
  type VisibilityKind,
} from './visibility.js';
