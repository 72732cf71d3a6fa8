import type { RuleObject } from '../language/rule.js';
import { checkGlob } from '../pattern/check-glob.js';
import type { EntryShape } from './entry.js';
import type { Fields } from './fields.js';
import { readDirectory, readPath } from './paths.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readBoolean, readName, readText } from './values.js';

/** The lists of `process`. */
export const processLists: Readonly<Record<string, EntryShape>> = {
  matchPaths: {
    kind: 'process',
    fields: ['path', 'execname', 'allowedArgs', 'ownerOnly', 'pts', 'fromSource'],
    objects: readProgram,
  },
  matchDirectories: {
    kind: 'process',
    fields: ['dir', 'recursive', 'ownerOnly', 'pts', 'fromSource'],
    objects: readDirectoryObject,
  },
  matchPatterns: {
    kind: 'process',
    fields: ['pattern', 'ownerOnly', 'pts', 'fromSource'],
    objects: readPatternObject,
  },
};

/** The lists of `file`. */
export const fileLists: Readonly<Record<string, EntryShape>> = {
  matchPaths: {
    kind: 'file',
    fields: ['path', 'readOnly', 'ownerOnly', 'pts', 'fromSource'],
    objects: readPathObject,
  },
  matchDirectories: {
    kind: 'file',
    fields: ['dir', 'recursive', 'readOnly', 'ownerOnly', 'pts', 'fromSource'],
    objects: readDirectoryObject,
  },
  matchPatterns: {
    kind: 'file',
    fields: ['pattern', 'readOnly', 'ownerOnly', 'pts', 'fromSource'],
    objects: readPatternObject,
  },
};

/** Where an entry has both, `execname` wins, as it does in KubeArmor. */
function readProgram(fields: Fields): readonly RuleObject[] {
  if (!fields.has('execname') && !fields.has('path')) {
    fields.reportMissing('path', 'path or execname of an executable');
  }
  const path = fields.optional('path', readPath);
  const execname = fields.optional('execname', readExecname);
  if (execname !== undefined) return [{ match: 'execname', execname }];
  return path === undefined ? [] : [{ match: 'path', path }];
}

function readPathObject(fields: Fields): readonly RuleObject[] {
  const path = fields.required('path', 'an absolute path', readPath);
  return path === undefined ? [] : [{ match: 'path', path }];
}

function readDirectoryObject(fields: Fields): readonly RuleObject[] {
  const dir = fields.required('dir', 'an absolute path of a directory', readDirectory);
  const recursive = fields.optional('recursive', readBoolean) ?? false;
  return dir === undefined ? [] : [{ match: 'dir', dir, recursive }];
}

function readPatternObject(fields: Fields): readonly RuleObject[] {
  const pattern = fields.required('pattern', 'a pattern such as /usr/bin/*sh', readPattern);
  return pattern === undefined ? [] : [{ match: 'pattern', pattern }];
}

function readExecname(place: Place): string | undefined {
  const expected = 'the name of an executable, without /';
  const name = readName(place);
  if (name === undefined) return undefined;
  return accept(place, name.includes('/') ? undefined : name, 'INVALID_VALUE', expected);
}

function readPattern(place: Place): string | undefined {
  const pattern = readText(place);
  if (pattern === undefined) return undefined;
  const fault = checkGlob(pattern);
  return accept(place, fault === undefined ? pattern : undefined, 'MALFORMED_PATTERN', fault ?? '');
}
