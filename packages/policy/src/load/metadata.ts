import type { Position } from '../document/document-node.js';
import { Fields } from './fields.js';
import type { Place } from './place.js';
import { accept } from './place.js';
import { readName, readText, readTextMap } from './values.js';

/** What of a policy's metadata means something here. */
export interface Metadata {
  readonly name: string;
  readonly namePosition: Position;
  readonly namespace: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Fields of metadata that Kubernetes adds to what it stores. */
const stored = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** Reads `metadata`. */
export function readMetadata(place: Place): Metadata | undefined {
  const fields = Fields.open(place, ['name', 'namespace', 'annotations', 'labels', ...stored]);
  if (fields === undefined) return undefined;
  const name = fields.required('name', 'the name of the policy', readPolicyName);
  const namespace = fields.optional('namespace', readNamespace);
  fields.optional('labels', readTextMap);
  const annotations = fields.optional('annotations', readTextMap) ?? {};
  return name === undefined ? undefined : { ...name, namespace, annotations };
}

/** Kubernetes is stricter, KubeArmor outside it is not; this much keeps rule ids unambiguous. */
function readPolicyName(place: Place): Pick<Metadata, 'name' | 'namePosition'> | undefined {
  const text = readName(place);
  const name = text && acceptIdPart(place, text);
  return name ? { name, namePosition: place.node.position } : undefined;
}

function readNamespace(place: Place): string | undefined {
  const namespace = readText(place);
  if (namespace === undefined || namespace === '') return undefined;
  return acceptIdPart(place, namespace);
}

function acceptIdPart(place: Place, text: string): string | undefined {
  const isIdPart = !/[\s/#\p{Cc}]/u.test(text);
  return accept(place, isIdPart ? text : undefined, 'INVALID_VALUE', 'a name without blanks, / and #');
}
