/** How far the guard carries: what it must stop, and what it cannot, which the data gives a reason for. */
export type Reach = 'inside' | 'outside';

/** Who stops an attempt that is inside: the guard by a policy, or the scope itself, policy or not. */
export type Stopper = 'guard' | 'scope';

/** What a machine may lack: the attempt is then left out. */
export type Need = 'io-uring' | 'core-file' | 'mptcp' | 'disk';

/** The action of the alert about an attempt that succeeds; `Block` where a part of it was refused. */
export type Told = 'none' | 'Audit (Block)' | 'Block';

/** How success looks: by status, by what is printed, or by both. */
export interface Goal {
  readonly status?: number | undefined;
  readonly output?: string | undefined;
}

/** What an alert must name; by default the policy. */
export interface ExpectedAlert {
  readonly policy?: string | undefined;
  readonly rule?: string | undefined;
}

/** One way to get around the guard. */
export interface Attempt {
  readonly name: string;
  readonly about: string;
  readonly reach: Reach;
  readonly by: Stopper;
  readonly needs: readonly Need[];
  /** It begins before the policy: it says `ready`, and reads a line when the policy is in force. */
  readonly early: boolean;
  /** It keeps every processor busy: nothing else runs meanwhile. */
  readonly alone: boolean;
  readonly capAdd: readonly string[];
  /** The number of the user it runs as. */
  readonly user: string | undefined;
  /** The program and its arguments, in which `$PORT` and `$GIVER` stand for the servers outside. */
  readonly words: readonly [string, ...string[]];
  readonly goal: Goal;
  readonly alert: ExpectedAlert;
  readonly told: Told | undefined;
  readonly reason: string | undefined;
}

/** Attempts against one policy. */
export interface AttemptGroup {
  readonly file: string;
  /** The name of its policy, and the value of the label `bypass` that it selects. */
  readonly policyName: string;
  readonly policy: string;
  readonly image: 'plain' | 'applets';
  readonly attempts: readonly Attempt[];
}
