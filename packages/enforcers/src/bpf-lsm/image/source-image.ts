import { KIND } from '../layout.js';
import { EffectTable } from './effect-table.js';
import { bloomOf, RowWriter, type PathImage } from './image-writer.js';
import { encodePathHeader } from './path-header.js';
import type { ImageContext } from './path-image.js';

/** Above every directory's rank. */
const EXACT_RANK = 8192;

/** The classes of executables as a table of paths: the deepest directory wins, the path itself before all. */
export function sourceImage({ classes, lists, hash, generation }: ImageContext): PathImage {
  const table = new EffectTable(KIND.source, classes, lists);
  const entries = classes.entries.map(({ name, near, far }) => {
    if (!name.endsWith('/')) return { tag: hash.path(name), near: table.refTo(near, EXACT_RANK), far: 0 };
    const depth = name.split('/').length;
    return { tag: hash.directory(name), near: table.refTo(near, depth), far: table.refTo(far, depth) };
  });
  const rows = new RowWriter();
  const paths = encodePathHeader({
    generation,
    flags: 0,
    posture: 0,
    paths: rows.slots(entries),
    names: rows.slots([]),
    files: rows.slots([]),
    below: rows.slots([]),
    overrides: rows.overrides([]),
    ...rows.effects(table),
    acceptsRow: [0, 0],
    keys: hash.keys,
    bloom: bloomOf(entries),
  });
  return { paths, rows: rows.bytes() };
}
