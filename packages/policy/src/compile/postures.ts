/** What happens in allow-list mode to an operation that no rule matches. */
export type Posture = 'block' | 'audit' | 'allow';

/** One posture for each group of kinds. */
export interface Postures {
  /** For process and file. */
  readonly file: Posture;
  /** For network and dns. */
  readonly network: Posture;
  readonly capabilities: Posture;
  readonly device: Posture;
}
