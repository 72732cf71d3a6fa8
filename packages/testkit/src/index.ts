export type { BoundGroup } from './bind-group.js';
export { bindGroup, compileGroup, withSubjects } from './bind-group.js';
export type {
  CorpusCase,
  CorpusSubject,
  ExpectedAlert,
  Expectation,
  KernelFeature,
} from './corpus/corpus-case.js';
export type { CorpusGroup, CorpusPostures, CorpusWorkload, Posture } from './corpus/corpus-group.js';
export type {
  CapabilityRequest,
  CorpusOperation,
  DeviceRequest,
  ExecRequest,
  OpenFlag,
  OpenRequest,
  PathCall,
  PathRequest,
  SocketRequest,
  TwoPathRequest,
} from './corpus/corpus-operation.js';
export { loadCorpus, parseCorpus } from './corpus/load-corpus.js';
export type { MalformedPolicy } from './corpus/load-malformed.js';
export { loadMalformed } from './corpus/load-malformed.js';
export type {
  BindEntry,
  DirectoryEntry,
  FileEntry,
  HardLinkEntry,
  LinkEntry,
  Permissions,
  ProgramEntry,
  RootEntry,
  ScriptEntry,
} from './corpus/root-entry.js';
export type { TestkitErrorCode } from './errors.js';
export { TestkitError } from './errors.js';
export { toOperation } from './operation/to-operation.js';
export type { Location } from './root/locate.js';
export { skeleton, standardDirectories } from './root/skeleton.js';
export { VirtualRoot } from './root/virtual-root.js';
