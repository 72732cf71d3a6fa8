import type { CorpusOperation } from './corpus-operation.js';

/** One operation with the verdict and the alert that are right for it. */
export interface CorpusCase {
  /** Unique in its group. */
  readonly name: string;
  /** Where it stands in the group's file. */
  readonly line: number;
  readonly operation: CorpusOperation;
  readonly subject: CorpusSubject;
  /** What a kernel must support before the operation can be tried on it. */
  readonly needs: readonly KernelFeature[];
  readonly expect: Expectation;
}

/** Who makes the request. */
export interface CorpusSubject {
  readonly exe: string;
  /** The executable of the process that forked the one that makes the request. */
  readonly parentExe: string;
  readonly uid: number;
  /** Has a controlling terminal. */
  readonly tty: boolean;
}

/** Sockets that many kernels do not have; `ping`: ICMP sockets of type `dgram`, for every group. */
export type KernelFeature = (typeof kernelFeatures)[number];

/** All values of {@link KernelFeature}. */
export const kernelFeatures = ['sctp', 'dccp', 'rdm', 'ping'] as const;

/** What must come out. */
export interface Expectation {
  readonly verdict: 'pass' | 'deny';
  /** Absent: there must be none. */
  readonly alert?: ExpectedAlert;
  /** Whether there is one is not looked at. */
  readonly anyAlert?: true;
}

/** What must be in the alert; of the optional fields those that are present count. */
export interface ExpectedAlert {
  readonly policyName: string;
  readonly rule: string;
  readonly action: 'Block' | 'Audit';
  readonly severity?: number;
  readonly tags?: readonly string[];
  readonly message?: string;
}
