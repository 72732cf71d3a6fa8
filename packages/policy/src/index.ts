export type { BoundRuleSet } from './bind/bound-rule-set.js';
export { bind } from './bind/bind.js';
export type { BoundRule } from './bind/bound-rule.js';
export type { BoundSources, SourceDirectory } from './bind/bound-sources.js';
export type {
  Candidate,
  DirectoryCandidate,
  LinkCandidate,
  NamedPath,
  PathTables,
  PatternCandidate,
} from './bind/path-tables.js';
export type { PathRules } from './bind/path-rules.js';
export type { Executable, Resolver } from './bind/resolver.js';
export { compile } from './compile/compile.js';
export type { Posture, Postures } from './compile/postures.js';
export type { NativeRules, RuleSet } from './compile/rule-set.js';
export { sha256 } from './compile/sha256.js';
export { decide } from './decide/decide.js';
export { decideLink } from './decide/decide-exec.js';
export type { Alert, Decision } from './decide/decision.js';
export { effectOf } from './decide/effect.js';
export type { Auditing, Deciding, Effect } from './decide/effect.js';
export type { Facts } from './decide/facts.js';
export type {
  CapabilityOperation,
  DeviceOperation,
  DnsOperation,
  ExecLink,
  ExecOperation,
  FileObject,
  FileOperation,
  NetworkOperation,
  Operation,
  PresetOperation,
  Subject,
  SyscallOperation,
} from './decide/operation.js';
export { isSettled } from './decide/is-settled.js';
export { buildAutomaton, hasCharacter } from './pattern/automaton.js';
export type { Automaton, State } from './pattern/automaton.js';
export { character } from './pattern/syntax.js';
export type { CharacterSet, Syntax } from './pattern/syntax.js';
export { PolicyError } from './errors.js';
export type { PolicyErrorCode } from './errors.js';
export { explain } from './explain/explain.js';
export type { Explanation, MatchedRule, UnmatchedRule } from './explain/explanation.js';
export type { MatchExpression, Policy, PolicyKind, Selector } from './language/policy.js';
export type {
  Action,
  DeviceObject,
  DirectoryObject,
  DomainObject,
  PathObject,
  Rule,
  RuleKind,
  RuleObject,
  Source,
  SyscallObject,
} from './language/rule.js';
export type { Finding, FindingCode } from './lint/finding.js';
export { lint } from './lint/lint.js';
export { allowLockoutAnnotation, describeLockout, lockout } from './lockout/lockout.js';
export type { Lockout, LockoutFacts } from './lockout/lockout.js';
export { neededPrograms } from './lockout/needed.js';
export type { NeededProgram } from './lockout/needed.js';
export { loadPolicies, parsePolicy } from './load/load-policies.js';
export type { LoadOptions, LoadResult } from './load/load-policies.js';
export type { ProblemCode } from './document/finding.js';
export type { Problem } from './load/problem.js';
export { utf8 } from './text/utf8.js';
export { selects } from './select/selects.js';
export type { Workload } from './select/workload.js';
export { canonicalCapability, capabilities } from './vocabulary/capabilities.js';
export { deviceClasses } from './vocabulary/device-classes.js';
export { presets } from './vocabulary/presets.js';
export type { Preset } from './vocabulary/presets.js';
export { protocols } from './vocabulary/protocols.js';
export type { Protocol } from './vocabulary/protocols.js';
export { syscalls } from './vocabulary/syscalls.js';
