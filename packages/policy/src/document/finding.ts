import type { Position } from './document-node.js';

/** Codes of what can be wrong with a policy document. */
export type ProblemCode =
  /** The text is not YAML. */
  | 'YAML_SYNTAX'
  /** An alias names nothing, or aliases would multiply the document. */
  | 'YAML_ALIAS'
  /** The document is larger or nested deeper than a policy can be. */
  | 'DOCUMENT_TOO_LARGE'
  /** A field stands twice in one map. */
  | 'DUPLICATE_FIELD'
  /** A field that policies do not have there. */
  | 'UNKNOWN_FIELD'
  /** A field that must be there is not. */
  | 'MISSING_FIELD'
  /** A value of another type than the field takes. */
  | 'WRONG_TYPE'
  /** A value of the right type that the field does not take. */
  | 'INVALID_VALUE'
  /** A glob or regular expression that cannot be read. */
  | 'MALFORMED_PATTERN'
  /** A kind of document that is not a policy of ours. */
  | 'UNSUPPORTED_KIND'
  /** A policy of that kind, namespace and name stands earlier in the same file. */
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
