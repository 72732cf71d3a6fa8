import type { DocumentNode } from '../document/document-node.js';
import type { ProblemCode, Report } from '../document/finding.js';

/** A value to be read, with where it stands and whom to tell what is wrong with it. */
export interface Place {
  readonly node: DocumentNode;
  readonly path: string;
  readonly report: Report;
}

/** Reads a value; `undefined` means that something was reported. */
export type Read<T> = (place: Place) => T | undefined;

/** Reports a value that is not acceptable. */
export function reject(place: Place, code: ProblemCode, expected: string): undefined {
  const { node, path } = place;
  place.report({ code, path, position: node.position, expected, got: describe(node) });
  return undefined;
}

const maxShown = 80;

function describe(node: DocumentNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  const { value } = node;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value !== 'string') return `the ${typeof value} ${String(value)}`;
  return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
}
