import type { Source } from '../language/rule.js';
import { Fields } from './fields.js';
import { readDirectory, readPathOrDirectory } from './paths.js';
import type { Place } from './place.js';
import { readBoolean } from './values.js';

/** Reads `fromSource`. */
export function readSources(fields: Fields): readonly Source[] {
  return fields.list('fromSource', 'sources', readSource).flat();
}

/** An entry may name an executable, a directory of them, or both; `recursive` belongs to whichever is a directory. */
function readSource(place: Place): readonly Source[] | undefined {
  const fields = Fields.open(place, ['path', 'dir', 'recursive']);
  if (fields === undefined) return undefined;
  if (!fields.has('path') && !fields.has('dir')) fields.reportMissing('path', 'path or dir of an executable');
  const recursive = fields.optional('recursive', readBoolean) ?? false;
  const path = fields.optional('path', (at) => readPathOrDirectory(at, recursive));
  const dir = fields.optional('dir', readDirectory);
  const directory: Source | undefined = dir === undefined ? undefined : { match: 'dir', dir, recursive };
  return [path, directory].filter((source) => source !== undefined);
}
