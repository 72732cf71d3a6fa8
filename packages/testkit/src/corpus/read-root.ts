import type { Cursor } from './cursor.js';
import type { Fields } from './fields.js';
import type { Permissions, RootEntry } from './root-entry.js';

const known = ['program', 'script', 'content', 'dir', 'link', 'hardlink', 'bind', 'loader', 'uid', 'mode'];

/** Reads `root` or `changes` of a group: what exists, by absolute path. */
export function readRoot(cursor: Cursor | undefined): ReadonlyMap<string, RootEntry> {
  return new Map(cursor?.entries().map(([path, entry]) => [absolute(path, entry), readEntry(entry)]));
}

function absolute(path: string, cursor: Cursor): string {
  const isPlain = path.startsWith('/') && !path.endsWith('/') && !/\/(\.{0,2})(\/|$)/.test(path);
  return isPlain ? path : cursor.fail('an absolute path without ., .. and doubled slashes', path);
}

function readEntry(cursor: Cursor): RootEntry {
  const fields = cursor.fields(known);
  if (fields.has('program')) return readProgram(fields);
  if (fields.has('script')) {
    return { kind: 'script', interpreter: fields.text('script', ''), ...permissions(fields, 0o755) };
  }
  if (fields.has('content')) {
    return { kind: 'file', content: fields.text('content', ''), ...permissions(fields, 0o644) };
  }
  if (fields.has('dir')) return { kind: 'dir', ...permissions(fields, 0o755) };
  if (fields.has('link')) return { kind: 'link', target: fields.text('link', '') };
  if (fields.has('hardlink')) return { kind: 'hardlink', target: fields.text('hardlink', '') };
  if (fields.has('bind')) return { kind: 'bind', source: fields.text('bind', '') };
  return cursor.fail('program, script, content, dir, link, hardlink or bind');
}

function readProgram(fields: Fields<Cursor>): RootEntry {
  const program = { kind: 'program', ...permissions(fields, 0o755) } as const;
  const loader = fields.optional('loader')?.text();
  return loader === undefined ? program : { ...program, loader };
}

function permissions(fields: Fields<Cursor>, usual: number): Permissions {
  return { uid: fields.integer('uid', 0), mode: readMode(fields.optional('mode')) ?? usual };
}

/** Permission bits are texts, so that nobody has to know how YAML reads a leading zero. */
export function readMode(cursor: Cursor | undefined): number | undefined {
  const text = cursor?.text();
  if (cursor === undefined || text === undefined) return undefined;
  return /^0[0-7]{3,4}$/.test(text) ? Number.parseInt(text, 8) : cursor.fail('a mode such as "0644"');
}
