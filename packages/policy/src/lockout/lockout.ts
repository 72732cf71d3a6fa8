import { bind } from '../bind/bind.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { Resolver } from '../bind/resolver.js';
import { compile } from '../compile/compile.js';
import type { Postures } from '../compile/postures.js';
import { decide } from '../decide/decide.js';
import type { Operation, Subject } from '../decide/operation.js';
import type { Policy } from '../language/policy.js';
import type { NeededProgram } from './needed.js';
import { neededPrograms } from './needed.js';

/** The annotation of a host policy that may lock its machine out. */
export const allowLockoutAnnotation = 'kubearmor.io/allow-lockout';

/** What the machine is that a policy is for. */
export interface LockoutFacts {
  /** Of the host. */
  readonly postures: Postures;
  /** The machine's root. By default every path is what it says. */
  readonly resolver?: Resolver;
}

/** One thing that a machine needs and a policy takes. */
export interface Lockout {
  /** The rule's id, or `posture:<kind>`. */
  readonly rule: string;
  readonly role: NeededProgram['role'];
  /** The program that would be denied it. */
  readonly program: string;
  readonly denied: string;
}

/**
 * What a host policy, alone, denies to the programs that a machine cannot be reached without: by rules that name no
 * source, and by postures. Nothing for other kinds, and for one whose annotation says that it is meant.
 */
export function lockout(
  policy: Policy,
  { postures, resolver = asWritten }: LockoutFacts,
): readonly Lockout[] {
  if (policy.kind !== 'KubeArmorHostPolicy' || policy.annotations[allowLockoutAnnotation] === 'true')
    return [];
  const bound = bind(compile([policy], postures), resolver);
  const sourced = new Set(policy.rules.filter(({ fromSource }) => fromSource.length > 0).map(({ id }) => id));
  return neededPrograms.flatMap((program) =>
    needsOf(program).flatMap(({ denied, operations }) => {
      const rule = operations
        .map((operation) => denier(bound, operation))
        .find((found) => found !== undefined);
      return rule === undefined || sourced.has(rule)
        ? []
        : [{ rule, role: program.role, program: program.path, denied }];
    }),
  );
}

/** Says in one line why a policy that locks out is refused; nothing for one that does not. */
export function describeLockout({ key }: Policy, lockouts: readonly Lockout[]): string | undefined {
  const [first] = lockouts;
  if (first === undefined) return undefined;
  const { rule, role, program, denied } = first;
  const more = lockouts.length === 1 ? '' : `, and ${lockouts.length - 1} more like it`;
  return (
    `${key}: expected a host policy that leaves the machine usable, but ${rule} would deny ${denied} to ` +
    `${role} (${program})${more}; to apply it anyway annotate it with ${allowLockoutAnnotation}: "true"`
  );
}

interface Need {
  readonly denied: string;
  readonly operations: readonly Operation[];
}

const owner = { ownerUid: 0 };

function needsOf({ path, reads, executes, usesTcp }: NeededProgram): readonly Need[] {
  const subjects = [false, true].map((hasTty): Subject => ({ exe: path, fsUid: 0, hasTty }));
  const each = (toOperation: (subject: Subject) => Operation): readonly Operation[] =>
    subjects.map(toOperation);
  const needs = reads.flatMap(spellings).map((denied): Need => ({
    denied,
    operations: each((subject) => ({
      kind: 'file',
      subject,
      access: ['read'],
      objects: [{ path: denied, ...owner }],
    })),
  }));
  const programs = executes.flatMap(spellings).map((denied): Need => ({
    denied,
    operations: each((subject) => ({
      kind: 'exec',
      subject,
      requestedPath: denied,
      argv: [denied],
      links: [{ path: denied, role: 'program', ...owner }],
    })),
  }));
  const tcp: Need = {
    denied: 'tcp',
    operations: each((subject) => ({
      kind: 'network',
      subject,
      family: 'inet',
      type: 'stream',
      protocol: 6,
    })),
  };
  return [...needs, ...programs, ...(usesTcp ? [tcp] : [])];
}

/** A policy may say /bin where the machine has /usr/bin, and nobody can know offline. */
function spellings(path: string): readonly string[] {
  return path.startsWith('/usr/') && !path.startsWith('/usr/share/')
    ? [path, path.slice('/usr'.length)]
    : [path];
}

function denier(bound: BoundRuleSet, operation: Operation): string | undefined {
  const { verdict, alert } = decide(bound, operation);
  return verdict === 'deny' ? alert?.rule : undefined;
}

const asWritten: Resolver = {
  resolve: (path) => path,
  resolveParent: (path) => path,
  fileId: () => undefined,
  executables: () => [],
};
