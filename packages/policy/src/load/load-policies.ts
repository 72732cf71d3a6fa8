import type { DocumentNode, Position } from '../document/document-node.js';
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
  const policies = new Map<string, Policy>();
  const lines = new Map<string, number>();
  const problems = documents.flatMap(({ root, findings }): readonly Problem[] => {
    const asProblems = (label?: string): readonly Problem[] =>
      findings.map((finding) => toProblem(finding, options.file, label));
    if (root === undefined) return asProblems();
    const report = (finding: (typeof findings)[number]): unknown => findings.push(finding);
    const { policy, label } = readDocument(root, options.defaultNamespace ?? 'default', report);
    if (policy === undefined || findings.length > 0) return asProblems(label);
    const position = namePosition(root);
    const line = lines.get(policy.key);
    if (line === undefined) {
      policies.set(policy.key, policy);
      lines.set(policy.key, position.line);
      return [];
    }
    const expected = `one ${policy.key} in the file`;
    const got = `another after that of line ${line}`;
    report({ code: 'DUPLICATE_POLICY', path: 'metadata.name', position, expected, got });
    return asProblems(label);
  });
  return { policies: [...policies.values()], problems };
}

/** Where the name stands in a document that is known to have one. */
function namePosition(root: DocumentNode): Position {
  return child(child(root, 'metadata'), 'name').position;
}

function child(node: DocumentNode, key: string): DocumentNode {
  const entry = node.kind === 'map' ? node.entries.find((candidate) => candidate.key === key) : undefined;
  return entry?.value ?? node;
}
