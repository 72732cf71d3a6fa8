import {
  bind,
  compile,
  parsePolicy,
  type BoundRuleSet,
  type Postures,
  type Resolver,
} from '@kubearmor/policy';

/** What a test's policies are bound with. */
export interface BoundPolicyOptions {
  /** By default `block`, of every kind. */
  readonly posture?: Postures['file'];
  /** Files, `dev:ino`, by their paths. By default none. */
  readonly files?: ReadonlyMap<string, string>;
}

/** The specs of policies, bound to a root in which every path is what it says. */
export function boundPolicy(specs: readonly object[], options: BoundPolicyOptions = {}): BoundRuleSet {
  const { posture = 'block', files } = options;
  const policies = specs.flatMap((spec, index) => {
    const document = { kind: 'KubeArmorPolicy', metadata: { name: `p${index}`, namespace: 'd' }, spec };
    const result = parsePolicy(document, { file: 'test.yaml' });
    if (result.problems[0] !== undefined) throw new TypeError(result.problems[0].message);
    return result.policies;
  });
  const resolver: Resolver = {
    resolve: (path) => path,
    resolveParent: (path) => path,
    fileId: (path) => files?.get(path),
    executables: () => [],
  };
  const postures = { file: posture, network: posture, capabilities: posture, device: posture };
  return bind(compile(policies, postures), resolver);
}
