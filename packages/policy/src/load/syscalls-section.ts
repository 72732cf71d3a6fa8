import type { RuleObject } from '../language/rule.js';
import { syscalls } from '../vocabulary/syscalls.js';
import type { Inherited } from './attributes.js';
import { inherit, quietAttributeFields, readAttributes } from './attributes.js';
import type { RuleDraft } from './draft.js';
import { Fields } from './fields.js';
import { nearest } from './nearest.js';
import { readPathOrDirectory } from './paths.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readSources } from './sources.js';
import { readBoolean, readText } from './values.js';

/** Reads `syscalls`. Its rules audit, whatever the policy's action is. */
export function readSyscallsSection(place: Place, above: Inherited): readonly RuleDraft[] | undefined {
  const section = Fields.open(place, ['matchSyscalls', 'matchPaths', ...quietAttributeFields]);
  if (section === undefined) return undefined;
  const inherited = inherit(readAttributes(section), { ...above, action: 'Audit' });
  const anywhere = section.list('matchSyscalls', 'rules', (at) => readRule(at, [], inherited));
  const onPaths = section.list('matchPaths', 'rules', (at) => readRule(at, ['path', 'recursive'], inherited));
  return [...anywhere, ...onPaths];
}

function readRule(place: Place, own: readonly string[], above: Inherited): RuleDraft | undefined {
  const fields = Fields.open(place, [...own, 'syscall', 'fromSource', ...quietAttributeFields]);
  if (fields === undefined) return undefined;
  return {
    kind: 'syscall',
    location: place.path.replace(/^spec\./, ''),
    object: readObject(fields),
    fromSource: readSources(fields),
    ownerOnly: false,
    readOnly: false,
    pts: undefined,
    allowedArgs: undefined,
    ...inherit(readAttributes(fields), above),
  };
}

/** A rule of `matchPaths` without a path is one of `matchSyscalls`, as it is in KubeArmor. */
function readObject(fields: Fields): RuleObject {
  const names = fields.list('syscall', 'system calls', readSyscall);
  const recursive = fields.optional('recursive', readBoolean) ?? false;
  const on = fields.optional('path', (place) => readPathOrDirectory(place, recursive));
  if (on === undefined) return { match: 'syscall', syscalls: names };
  const isDirectory = on.match === 'path' && recursive;
  return {
    match: 'syscall',
    syscalls: names,
    on: isDirectory ? { match: 'dir', dir: `${on.path}/`, recursive } : on,
  };
}

function readSyscall(place: Place): string | undefined {
  const name = readText(place);
  if (name === undefined || syscalls.has(name)) return name;
  const near = nearest(name, [...syscalls]);
  return accept<string>(
    place,
    undefined,
    'INVALID_VALUE',
    `the name of a system call (did you mean ${near}?)`,
  );
}
