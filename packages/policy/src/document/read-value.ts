import type { Finding, Report } from './finding.js';
import type { DocumentNode, Position } from './document-node.js';
import { fieldPath, itemPath, wholeDocument } from './document-path.js';
import { maxDepth, maxNodes } from './limits.js';
import type { ReadDocument } from './read-yaml.js';

const start: Position = { line: 1, column: 1 };

/** Reads a value that was parsed elsewhere (JSON of a gRPC call); all of it stands at line 1. */
export function readValue(value: unknown): ReadDocument {
  const findings: Finding[] = [];
  const reader = new ValueReader((finding) => findings.push(finding));
  const root = reader.read(value, wholeDocument, 0);
  return { root: reader.isTooLarge ? undefined : root, findings };
}

class ValueReader {
  readonly #report: Report;
  #size = 0;
  isTooLarge = false;

  constructor(report: Report) {
    this.#report = report;
  }

  read(value: unknown, path: string, depth: number): DocumentNode {
    this.#size += 1;
    if (this.isTooLarge || depth > maxDepth || this.#size > maxNodes) this.#refuse(path);
    else if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) => this.read(item, itemPath(path, index), depth + 1));
      return { kind: 'list', position: start, items };
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([key, field]) => ({
          key,
          keyPosition: start,
          value: this.read(field, fieldPath(path, key), depth + 1),
        }));
      return { kind: 'map', position: start, entries };
    }
    return { kind: 'scalar', position: start, value, isPlain: false };
  }

  #refuse(path: string): void {
    if (this.isTooLarge) return;
    this.isTooLarge = true;
    const expected = `at most ${maxNodes} values, nested at most ${maxDepth} deep`;
    this.#report({ code: 'DOCUMENT_TOO_LARGE', path, position: start, expected, got: 'more' });
  }
}
