import type { Position } from './document-node.js';

/** Codes of what can be wrong with a policy document. */
export type ProblemCode =
  | 'YAML_SYNTAX'
  | 'YAML_ALIAS'
  | 'DOCUMENT_TOO_LARGE'
  | 'DUPLICATE_FIELD'
  | 'UNKNOWN_FIELD'
  | 'MISSING_FIELD'
  | 'WRONG_TYPE'
  | 'INVALID_VALUE'
  | 'MALFORMED_PATTERN'
  | 'UNSUPPORTED_KIND'
  | 'DUPLICATE_POLICY';

/** What a reader says about a value that it does not accept. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: string;
  readonly position: Position;
  readonly expected: string;
  readonly got: string;
}

/** Receives findings. */
export type Report = (finding: Finding) => unknown;
