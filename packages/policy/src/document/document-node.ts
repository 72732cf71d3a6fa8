/** Where something stands in a file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A value of a document with its place, whatever it was parsed from. */
export type DocumentNode = MapNode | ListNode | ScalarNode;

/** A mapping; keys are unique. */
export interface MapNode {
  readonly kind: 'map';
  readonly position: Position;
  readonly entries: readonly MapEntry[];
}

/** One key of a mapping with its value. */
export interface MapEntry {
  readonly key: string;
  readonly keyPosition: Position;
  readonly value: DocumentNode;
}

/** A sequence. */
export interface ListNode {
  readonly kind: 'list';
  readonly position: Position;
  readonly items: readonly DocumentNode[];
}

/** Anything else. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly position: Position;
  readonly value: unknown;
  /** Written without quotes: such a `yes` is a boolean to KubeArmor's YAML 1.1. */
  readonly isPlain: boolean;
}
