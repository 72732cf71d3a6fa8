import type { CorpusGroup, CorpusPostures, CorpusWorkload, Posture } from './corpus-group.js';
import { postureWords, workloadKinds } from './corpus-group.js';
import type { Cursor } from './cursor.js';
import { readCase, readName } from './read-case.js';
import { readRoot } from './read-root.js';

const known = ['group', 'about', 'policies', 'policyFiles', 'workload', 'postures', 'root', 'changes', 'cases'];

/** Reads one element of a file of the corpus. */
export function readGroup(cursor: Cursor, defaultNamespace: string): CorpusGroup {
  const fields = cursor.fields(known);
  const list = fields.required('cases');
  const cases = list.items().map(readCase);
  const twice = cases.find(({ name }, index) => cases.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) list.fail('unique names', `${twice.name} twice`);
  return {
    file: cursor.file,
    line: cursor.line,
    name: readName(fields.required('group')),
    about: fields.required('about').text(),
    policies: fields.has('policyFiles') ? fields.text('policies', '') : fields.required('policies').text(),
    policyFiles: fields.has('policyFiles') ? fields.texts('policyFiles') : [],
    defaultNamespace,
    workload: readWorkload(fields.optional('workload'), defaultNamespace),
    postures: readPostures(fields.optional('postures')),
    root: readRoot(fields.optional('root')),
    changes: readRoot(fields.optional('changes')),
    cases,
  };
}

function readWorkload(cursor: Cursor | undefined, defaultNamespace: string): CorpusWorkload {
  const fields = cursor?.fields(['kind', 'namespace', 'name', 'containerName', 'labels', 'orchestrated']);
  const labels = fields?.optional('labels')?.entries().map(([name, value]) => [name, value.text()] as const);
  const containerName = fields?.text('containerName', 'web') ?? 'web';
  const kind = fields?.optional('kind')?.word(workloadKinds) ?? 'scope';
  return {
    kind,
    namespace: fields?.text('namespace', defaultNamespace) ?? defaultNamespace,
    name: fields?.text('name', containerName) ?? containerName,
    containerName,
    labels: labels === undefined ? { app: 'web' } : Object.fromEntries(labels),
    orchestrated: fields?.flag('orchestrated', kind === 'pod') ?? false,
  };
}

function readPostures(cursor: Cursor | undefined): CorpusPostures {
  const fields = cursor?.fields(['file', 'network', 'capabilities', 'device']);
  const posture = (kind: string): Posture => fields?.optional(kind)?.word(postureWords) ?? 'audit';
  return {
    file: posture('file'),
    network: posture('network'),
    capabilities: posture('capabilities'),
    device: posture('device'),
  };
}
