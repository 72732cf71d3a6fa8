import { MonitorError } from './errors.js';
import { GROUP } from './record/layout.js';

/** Something that can be watched, under KubeArmor's names. */
export type VisibilityKind = keyof typeof GROUP;

/** What is watched of a workload or of the host. */
export type Visibility = ReadonlySet<VisibilityKind>;

/** Nothing is watched. */
export const NOTHING: Visibility = new Set();

/** Everything is watched. */
export const EVERYTHING: Visibility = new Set(['process', 'file', 'network', 'capabilities']);

/**
 * Parses `process,file,network,capabilities`; `none` and an empty text are nothing. `dns` and `ima`, which KubeArmor also
 * knows, are accepted and watch nothing. Throws VISIBILITY_INVALID.
 */
export function parseVisibility(text: string): Visibility {
  const words = text
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  return new Set(words.flatMap(kindsOf));
}

/** The bits of `enum monitor_group`. */
export function groupsOf(visibility: Visibility): number {
  let groups = 0;
  for (const kind of visibility) groups |= GROUP[kind];
  return groups;
}

const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['none', 'dns', 'ima']);

function kindsOf(word: string): VisibilityKind[] {
  switch (word) {
    case 'process':
    case 'file':
    case 'network':
    case 'capabilities':
      return [word];
    default: {
      if (WITHOUT_EFFECT.has(word)) return [];
      const expected = [...Object.keys(GROUP), ...WITHOUT_EFFECT].join(', ');
      throw new MonitorError('VISIBILITY_INVALID', `visibility: expected any of ${expected}, got "${word}"`);
    }
  }
}
