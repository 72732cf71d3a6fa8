import { MonitorError } from './errors.js';
import { GROUP } from './record/layout.js';

/** Something that can be watched, under KubeArmor's names. */
export type VisibilityKind = keyof typeof GROUP;

/** What is watched of a workload or of the host. */
export type Visibility = ReadonlySet<VisibilityKind>;

/** Nothing is watched. */
export const NOTHING: Visibility = new Set();

/** What KubeArmor watches by default. */
export const USUAL: Visibility = new Set(['process', 'file', 'network', 'capabilities']);

/** Everything is watched. */
export const EVERYTHING: Visibility = new Set(['process', 'file', 'network', 'capabilities', 'dns', 'ima']);

/**
 * Parses `process,file,network,capabilities,dns,ima`, or some of them; `none` and an empty text are nothing. Throws
 * VISIBILITY_INVALID.
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

function kindsOf(word: string): VisibilityKind[] {
  switch (word) {
    case 'process':
    case 'file':
    case 'network':
    case 'capabilities':
    case 'dns':
    case 'ima':
      return [word];
    case 'none':
      return [];
    default: {
      const expected = [...Object.keys(GROUP), 'none'].join(', ');
      throw new MonitorError('VISIBILITY_INVALID', `visibility: expected any of ${expected}, got "${word}"`);
    }
  }
}
