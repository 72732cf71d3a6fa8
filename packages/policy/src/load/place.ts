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

/** Lets a value through, or reports that what stands there is not acceptable. */
export function accept<T>(
  place: Place,
  value: T | undefined,
  code: ProblemCode,
  expected: string,
): T | undefined {
  const { node, path } = place;
  if (value === undefined)
    place.report({ code, path, position: node.position, expected, got: describe(node) });
  return value;
}

const maxShown = 80;

function describe(node: DocumentNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  const { value } = node;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value !== 'string') return `a ${typeof value}`;
  return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
}
