import { LineCounter, isScalar, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import type { Finding, Report } from './finding.js';
import type { DocumentNode } from './document-node.js';
import { yamlPathAt } from './yaml-path.js';
import { YamlTree } from './yaml-tree.js';

/** The content of one document, or nothing where `findings` says why. */
export interface ReadDocument {
  readonly root: DocumentNode | undefined;
  readonly findings: Finding[];
}

/** Reads every document of a YAML text but the empty ones. */
export function readYaml(text: string): readonly ReadDocument[] {
  const lines = new LineCounter();
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  return parseAllDocuments(text, { ...options, resolveKnownTags: false })
    .filter((document) => !isEmpty(document))
    .map((document) => {
      const findings: Finding[] = [];
      return { root: readDocument(document, lines, (finding) => findings.push(finding)), findings };
    });
}

function isEmpty({ contents, errors }: Document.Parsed): boolean {
  return errors.length === 0 && isScalar(contents) && contents.value === null;
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
  report: Report,
): DocumentNode | undefined {
  const [error] = document.errors;
  if (error === undefined) return new YamlTree(lines, report).read(document.contents);
  const [offset] = error.pos;
  const { line, col } = lines.linePos(offset);
  report({
    code: 'YAML_SYNTAX',
    path: yamlPathAt(document.contents, offset),
    position: { line, column: col },
    expected: 'well-formed YAML',
    got: `${error.code}: ${error.message}`,
  });
  return undefined;
}
