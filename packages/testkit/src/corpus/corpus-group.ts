import type { CorpusCase } from './corpus-case.js';
import type { RootEntry } from './root-entry.js';

/** Cases that share policies, a workload and its root. */
export interface CorpusGroup {
  /** Name of the file in the corpus, as in `exec-path.yaml`. */
  readonly file: string;
  /** Where it stands in that file. */
  readonly line: number;
  /** Unique in the corpus. */
  readonly name: string;
  /** What the group covers: the cell of a table of the semantics. */
  readonly about: string;
  /** YAML text of one or several policies; empty where they are all in `policyFiles`. */
  readonly policies: string;
  /** Files with more policies, as they are named: whoever runs the cases reads them. */
  readonly policyFiles: readonly string[];
  /** The namespace of a policy that names none, and of a workload that does not either. */
  readonly defaultNamespace: string;
  readonly workload: CorpusWorkload;
  readonly postures: CorpusPostures;
  /** What exists in the workload's root when it starts, besides the standard skeleton. */
  readonly root: ReadonlyMap<string, RootEntry>;
  /** What is replaced in the root after the start, before the policies are bound to it again and the cases run. */
  readonly changes: ReadonlyMap<string, RootEntry>;
  readonly cases: readonly CorpusCase[];
}

/** For whom the policies of a group are, or are not. */
export interface CorpusWorkload {
  readonly kind: (typeof workloadKinds)[number];
  readonly namespace: string;
  readonly name: string;
  readonly containerName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** On Kubernetes. */
  readonly orchestrated: boolean;
}

/** All kinds of workload. */
export const workloadKinds = ['pod', 'container', 'scope', 'unit', 'host'] as const;

/** What happens to operations that an allow list lacks. */
export interface CorpusPostures {
  readonly file: Posture;
  readonly network: Posture;
  readonly capabilities: Posture;
  readonly device: Posture;
}

/** One posture. */
export type Posture = (typeof postureWords)[number];

/** All values of {@link Posture}. */
export const postureWords = ['block', 'audit', 'allow'] as const;
