import type { Finding } from '../document/finding.js';
import { readValue } from '../document/read-value.js';
import type { ReadDocument } from '../document/read-yaml.js';
import { readYaml } from '../document/read-yaml.js';
import type { Policy } from '../language/policy.js';
import { readDocument } from './document.js';
import type { Problem } from './problem.js';
import { toProblem } from './problem.js';

/** How policies are loaded. */
export interface LoadOptions {
  /** What messages call the text. */
  readonly file: string;
  /** The namespace of a KubeArmorPolicy that names none. By default `default`. */
  readonly defaultNamespace?: string;
}

/** The policies of a text. A document with a problem yields no policy. */
export interface LoadResult {
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** Loads every policy of a YAML (or JSON) text. Never throws: what is wrong comes as a problem. */
export function loadPolicies(text: string, options: LoadOptions): LoadResult {
  return loadDocuments(readYaml(text), options);
}

/** Loads one policy from a value that was parsed elsewhere. */
export function parsePolicy(value: unknown, options: LoadOptions): LoadResult {
  return loadDocuments([readValue(value)], options);
}

function loadDocuments(documents: readonly ReadDocument[], options: LoadOptions): LoadResult {
  const policies = new Map<string, Loaded>();
  const problems = documents.flatMap((document) => loadDocument(document, options, policies));
  return { policies: [...policies.values()].map(({ policy }) => policy), problems };
}

interface Loaded {
  readonly policy: Policy;
  readonly line: number;
}

/** Adds the policy of one document to those of the file, or says why not. */
function loadDocument(
  { root, findings }: ReadDocument,
  { file, defaultNamespace = 'default' }: LoadOptions,
  loaded: Map<string, Loaded>,
): readonly Problem[] {
  const report = (finding: Finding): unknown => findings.push(finding);
  const result = root && readDocument(root, defaultNamespace, report);
  if (result?.policy !== undefined && findings.length === 0) {
    const { policy, position } = result;
    const earlier = loaded.get(policy.key);
    if (earlier === undefined) loaded.set(policy.key, { policy, line: position.line });
    else {
      const [expected, got] = [`one ${policy.key} in the file`, `another after that of line ${earlier.line}`];
      report({ code: 'DUPLICATE_POLICY', path: 'metadata.name', position, expected, got });
    }
  }
  return findings.map((finding) => toProblem(finding, file, result?.label));
}
