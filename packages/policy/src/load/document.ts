import type { DocumentNode, Position } from '../document/document-node.js';
import { fieldPath, wholeDocument } from '../document/document-path.js';
import type { Policy, PolicyKind } from '../language/policy.js';
import { finishRules } from './draft.js';
import { Fields } from './fields.js';
import type { Metadata } from './metadata.js';
import { readMetadata } from './metadata.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import type { Report } from '../document/finding.js';
import type { Spec } from './spec.js';
import { readSpec } from './spec.js';
import { readText } from './values.js';

/** What came of one document; the policy counts only if nothing was reported. */
export interface DocumentResult {
  readonly policy: Policy | undefined;
  /** The policy's name as messages have it, as far as it could be read. */
  readonly label: string | undefined;
  /** Where the name stands, or the document. */
  readonly position: Position;
}

/** Reads one document as a policy. */
export function readDocument(node: DocumentNode, defaultNamespace: string, report: Report): DocumentResult {
  const nothing = { policy: undefined, label: undefined, position: node.position };
  const place = { node, path: wholeDocument, report };
  const document = Fields.open(place, ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  if (document === undefined) return nothing;
  document.optional('apiVersion', readApiVersion);
  const kind = document.required('kind', kinds.join(', '), readKind);
  const metadata = document.required('metadata', 'a map with the name of the policy', readMetadata);
  if (kind === undefined || metadata === undefined) return nothing;
  const namespace = kind === 'KubeArmorPolicy' ? (metadata.namespace ?? defaultNamespace) : '';
  const spec = document.has('spec')
    ? document.optional('spec', (at) => readSpec(at, kind, namespace))
    : readSpec(emptySpec(place), kind, namespace);
  return {
    policy: spec && createPolicy(kind, namespace, metadata, spec),
    label: namespace === '' ? metadata.name : `${namespace}/${metadata.name}`,
    position: metadata.namePosition,
  };
}

function createPolicy(kind: PolicyKind, namespace: string, metadata: Metadata, spec: Spec): Policy {
  const { name, annotations } = metadata;
  const key = `${kind}/${namespace}/${name}`;
  const rules = finishRules(spec.rules, name, key);
  return {
    kind,
    namespace,
    name,
    key,
    annotations,
    selector: spec.selector,
    rules,
    presets: rules.filter((rule) => rule.kind === 'preset'),
    syscalls: rules.filter((rule) => rule.kind === 'syscall'),
    ...(spec.apparmor && { apparmor: spec.apparmor }),
  };
}

const kinds: readonly PolicyKind[] = ['KubeArmorPolicy', 'KubeArmorHostPolicy', 'KubeArmorClusterPolicy'];

function readKind(place: Place): PolicyKind | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  const known = kinds.find((kind) => kind === text);
  return accept(place, known, 'UNSUPPORTED_KIND', `one of ${kinds.join(', ')}`);
}

const apiVersion = 'security.kubearmor.com/v1';

function readApiVersion(place: Place): string | undefined {
  const text = readText(place);
  if (text === undefined) return undefined;
  return accept(place, text === apiVersion ? text : undefined, 'INVALID_VALUE', apiVersion);
}

function emptySpec({ node, path, report }: Place): Place {
  const empty: DocumentNode = { kind: 'map', position: node.position, entries: [] };
  return { node: empty, path: fieldPath(path, 'spec'), report };
}
