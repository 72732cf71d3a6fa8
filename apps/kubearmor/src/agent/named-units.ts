import type { Policy } from '@kubearmor/policy';

/** The namespace of systemd's units. */
export const SYSTEMD_NAMESPACE = 'systemd';

const CONTAINER_NAME = 'kubearmor.io/container.name';

/** Whether a policy may select units. */
export function isAboutUnits({ kind, namespace }: Policy): boolean {
  return kind === 'KubeArmorPolicy' && namespace === SYSTEMD_NAMESPACE;
}

/** The units that policies call by their names, which systemd need not have heard of yet. */
export function namedUnits(policies: readonly Policy[]): readonly string[] {
  const names = policies.filter(isAboutUnits).flatMap(({ selector }) => {
    const { matchLabels, matchExpressions } = selector;
    const listed = matchExpressions.flatMap(({ values }) =>
      values.map((value) => value.replace(/^unit=/, '')),
    );
    // An expression that means one name only.
    const expression = matchLabels[CONTAINER_NAME]?.replaceAll('\\.', '.');
    return [matchLabels['unit'], expression, ...listed];
  });
  return [...new Set(names.filter((name) => name !== undefined && /^[\w@.:-]+\.service$/.test(name)))].filter(
    (name) => name !== undefined,
  );
}
