import { isAbsolute, resolve } from 'node:path';
import { WorkloadsError } from '../errors.js';
import { type CapabilityChoice, chooseCapabilities } from './capability-choice.js';
import { parseUserIds, type UserIds } from './user-ids.js';

/** Whether a scope has a namespace of its own or the machine's. */
export type NamespaceMode = 'private' | 'host';

/** The namespaces that can be chosen; mount and cgroup namespaces are always private. */
export type NamespaceModes = Readonly<Record<'pid' | 'net' | 'ipc' | 'uts', NamespaceMode>>;

/** A scope as asked for, in the words of the command line. */
export interface ScopeOptions {
  /** What policies, alerts and the status call it. */
  readonly name: string;
  /** By default the agent's choice for workloads outside Kubernetes: `container_namespace`, unless configured. */
  readonly namespace?: string | undefined;
  /** `key=value`, any number. By default none. */
  readonly labels?: readonly string[] | undefined;
  /** The directory that becomes the root. By default the machine's own root. */
  readonly image?: string | undefined;
  /** By default `host`. */
  readonly net?: string | undefined;
  /** By default `private`. */
  readonly pid?: string | undefined;
  /** By default `private`. */
  readonly ipc?: string | undefined;
  /** By default `private`. */
  readonly uts?: string | undefined;
  /** By default the machine's. */
  readonly hostname?: string | undefined;
  /** By default the current directory on the machine's own root, and `/` on an image. */
  readonly workdir?: string | undefined;
  /** `KEY=value` beyond the caller's environment. By default none. */
  readonly env?: readonly string[] | undefined;
  /** `UID[:GID]`. By default the caller. */
  readonly user?: string | undefined;
  /** By default none. */
  readonly capAdd?: readonly string[] | undefined;
  /** By default none. */
  readonly capDrop?: readonly string[] | undefined;
  /** Landlock and seccomp on top of policies. By default false. */
  readonly confine?: boolean | undefined;
  /** Where a confined workload may write. By default /tmp, /var/tmp and /run; /dev is always among them. */
  readonly writable?: readonly string[] | undefined;
  /** How much may be written, such as `512m` or `20%`. By default half of the memory. */
  readonly tmpfsSize?: string | undefined;
  /** The command and its arguments. */
  readonly command: readonly string[];
}

/** What a scope's options are completed from. */
export interface ScopeSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a confined workload may write. */
export interface ConfinementSpec {
  readonly writable: readonly string[];
  /** Named by the user: then each must be there. */
  readonly isExplicit: boolean;
}

/** A scope, complete. */
export interface ScopeSpec {
  readonly name: string;
  /** Null for the agent's choice. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly namespaces: NamespaceModes;
  readonly hostname: string | null;
  readonly workdir: string;
  /** `KEY=value`, all of it. */
  readonly env: readonly string[];
  readonly user: UserIds | null;
  readonly capabilities: CapabilityChoice;
  readonly confinement: ConfinementSpec | null;
  readonly tmpfsSize: string | null;
  readonly command: readonly string[];
}

const DEFAULT_WRITABLE = ['/tmp', '/var/tmp', '/run'];
const ALWAYS_WRITABLE = '/dev';
const MAX_HOSTNAME_BYTES = 64;

/** Completes and checks the description of a scope. Throws SCOPE_SPEC_INVALID. */
export function resolveScopeSpec(options: ScopeOptions, surroundings: ScopeSurroundings): ScopeSpec {
  const image = options.image === undefined ? '/' : resolve(surroundings.cwd, options.image);
  return {
    name: checkedName('name', options.name),
    namespace: options.namespace === undefined ? null : checkedName('namespace', options.namespace),
    labels: Object.fromEntries((options.labels ?? []).map((text) => parsePair('label', text))),
    image,
    namespaces: resolveNamespaces(options),
    hostname: resolveHostname(options),
    workdir: resolveWorkdir(options, image, surroundings.cwd),
    env: resolveEnv(options.env ?? [], surroundings.env),
    user: options.user === undefined ? null : parseUserIds(options.user),
    capabilities: chooseCapabilities({ add: options.capAdd ?? [], drop: options.capDrop ?? [] }),
    confinement: resolveConfinement(options),
    tmpfsSize: options.tmpfsSize === undefined ? null : checkedSize(options.tmpfsSize),
    command: checkedCommand(options.command),
  };
}

function resolveNamespaces(options: ScopeOptions): NamespaceModes {
  return {
    pid: parseMode('pid', options.pid ?? 'private'),
    net: parseMode('net', options.net ?? 'host'),
    ipc: parseMode('ipc', options.ipc ?? 'private'),
    uts: parseMode('uts', options.uts ?? 'private'),
  };
}

function parseMode(what: string, text: string): NamespaceMode {
  if (text === 'private' || text === 'host') return text;
  throw invalid(what, 'private or host', text);
}

function resolveHostname(options: ScopeOptions): string | null {
  const { hostname } = options;
  if (hostname === undefined) return null;
  if (options.uts === 'host') throw invalid('hostname', 'a private uts namespace to set it in', 'uts host');
  const isFit = /^[A-Za-z0-9][A-Za-z0-9.-]*$/u.test(hostname) && hostname.length <= MAX_HOSTNAME_BYTES;
  if (!isFit) throw invalid('hostname', `letters, digits, - and ., at most ${MAX_HOSTNAME_BYTES}`, hostname);
  return hostname;
}

function resolveWorkdir(options: ScopeOptions, image: string, cwd: string): string {
  const { workdir } = options;
  if (workdir === undefined) return image === '/' ? cwd : '/';
  if (!isAbsolute(workdir)) throw invalid('workdir', 'an absolute path inside the scope', workdir);
  return workdir;
}

function resolveEnv(added: readonly string[], inherited: ScopeSurroundings['env']): readonly string[] {
  const merged = new Map<string, string>();
  for (const [key, value] of Object.entries(inherited)) if (value !== undefined) merged.set(key, value);
  for (const text of added) merged.set(...parsePair('env', text));
  return [...merged].map(([key, value]) => `${key}=${value}`);
}

function resolveConfinement(options: ScopeOptions): ConfinementSpec | null {
  const writable = options.writable ?? [];
  if (options.confine !== true) {
    if (writable.length > 0) throw invalid('writable', '--confine with it', 'no --confine');
    return null;
  }
  const relative = writable.find((path) => !isAbsolute(path));
  if (relative !== undefined) throw invalid('writable', 'an absolute path inside the scope', relative);
  const isExplicit = writable.length > 0;
  return { writable: [...(isExplicit ? writable : DEFAULT_WRITABLE), ALWAYS_WRITABLE], isExplicit };
}

function checkedName(what: string, text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/u.test(text)) return text;
  throw invalid(what, 'at most 63 letters, digits, ., _ and -, beginning with a letter or digit', text);
}

function checkedSize(text: string): string {
  if (/^\d+[kKmMgG]?$/u.test(text) || /^\d{1,3}%$/u.test(text)) return text;
  throw invalid('tmpfs-size', 'bytes with k, m or g, or a percentage of the memory', text);
}

function checkedCommand(command: readonly string[]): readonly string[] {
  if (command[0] === undefined || command[0] === '') throw invalid('command', 'a command after --', 'none');
  const withNul = command.find((text) => text.includes('\0'));
  if (withNul !== undefined) throw invalid('command', 'arguments without NUL', withNul);
  return command;
}

function parsePair(what: string, text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0 || text.includes('\0')) throw invalid(what, 'key=value', text);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function invalid(what: string, expected: string, got: string): WorkloadsError {
  return new WorkloadsError(
    'SCOPE_SPEC_INVALID',
    `${what}: expected ${expected}, got ${JSON.stringify(got)}`,
  );
}
