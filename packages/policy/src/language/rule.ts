import type { Preset } from '../vocabulary/presets.js';
import type { Protocol } from '../vocabulary/protocols.js';

/** What a rule does when it matches. */
export type Action = 'Allow' | 'Audit' | 'Block';

/** The kinds of operation that rules are about. */
export type RuleKind =
  'process' | 'file' | 'network' | 'dns' | 'capabilities' | 'device' | 'syscall' | 'preset';

/** One path. */
export interface PathObject {
  readonly match: 'path';
  readonly path: string;
}

/** A directory with its content; `dir` ends in a slash. */
export interface DirectoryObject {
  readonly match: 'dir';
  readonly dir: string;
  readonly recursive: boolean;
}

/** What a rule is about. */
export type RuleObject =
  | PathObject
  | DirectoryObject
  | { readonly match: 'execname'; readonly execname: string }
  | { readonly match: 'pattern'; readonly pattern: string }
  | { readonly match: 'protocol'; readonly protocol: Protocol }
  | DomainObject
  | { readonly match: 'capability'; readonly capability: string }
  | DeviceObject
  | SyscallObject
  | { readonly match: 'preset'; readonly preset: Preset };

/** A domain name in lower case, and every name it is looked up as: itself and with the search suffixes. */
export interface DomainObject {
  readonly match: 'domain';
  readonly domain: string;
  readonly names: readonly string[];
}

/** A USB device by its codes; what is absent matches everything. */
export interface DeviceObject {
  readonly match: 'device';
  readonly class?: number;
  readonly subClass?: number;
  readonly protocol?: number;
  readonly level?: number;
}

/** System calls, on one path or directory if `on` is present. */
export interface SyscallObject {
  readonly match: 'syscall';
  readonly syscalls: readonly string[];
  readonly on?: PathObject | DirectoryObject;
}

/** An executable, or a directory of executables, that a rule is limited to. */
export type Source = PathObject | DirectoryObject;

/** One rule: complete, canonical, with everything inherited. */
export interface Rule {
  /** `<kind>/<namespace>/<policy>#process.matchPaths[0]`; the values of one comma list share it. */
  readonly id: string;
  readonly kind: RuleKind;
  readonly object: RuleObject;
  /** Empty: from any source. */
  readonly fromSource: readonly Source[];
  readonly ownerOnly: boolean;
  readonly readOnly: boolean;
  readonly pts?: false;
  readonly allowedArgs?: readonly string[];
  readonly action: Action;
  /** 1 to 10. */
  readonly severity: number;
  readonly tags: readonly string[];
  readonly message: string;
  readonly policyName: string;
  readonly policyKey: string;
  /** Ordinal of the rule in its policy: the last resort when two rules tie. */
  readonly position: number;
}
