import type { BoundRuleSet, Resolver } from '@kubearmor/policy';

/**
 * Which paths that rules name exactly are, at this moment, further names of a file. What was found when the rules were
 * bound is not enough: a file may have been replaced since, and on an overlay a file that is written to or linked gets
 * another identity.
 */
export class LinkedNames {
  readonly #resolver: Resolver;
  readonly #paths: readonly string[];

  constructor(bound: BoundRuleSet, resolver: Resolver) {
    this.#resolver = resolver;
    this.#paths = exactPaths(bound).filter((path) => !leadsToMultiCall(bound, resolver, path));
  }

  /** The paths that are names of a file, by its identity. */
  namesOf(fileId: string): readonly string[] {
    return this.#paths.filter((path) => this.#resolver.fileId(path) === fileId);
  }
}

function exactPaths({ ruleSet }: BoundRuleSet): readonly string[] {
  const paths = ruleSet.rules.flatMap((rule) => (rule.object.match === 'path' ? [rule.object.path] : []));
  return [...new Set(paths)];
}

// A program of many names is not meant by one of them (semantics §2): its own rules judge it.
function leadsToMultiCall({ programs }: BoundRuleSet, resolver: Resolver, path: string): boolean {
  const target = resolver.resolve(path);
  return target !== undefined && programs.byTarget.has(target);
}
