/** What an agent is told about a scope that is about to start. */
export interface ScopeRequest {
  readonly name: string;
  /** Absent for the agent's choice. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The directory of the root, `/` for the machine's own. */
  readonly image: string;
}

/** A scope as the agent knows it. */
export interface ScopeTicket {
  readonly id: number;
  /** The directory of its cgroup, which is there already. */
  readonly cgroup: string;
}

/** What protects scopes. */
export interface ScopeAgent {
  /** Registers a scope and makes its cgroup. */
  create(request: ScopeRequest): Promise<ScopeTicket>;
  /** Puts the policies in force for a process that is complete but has not begun. */
  protect(id: number, pid: number): Promise<void>;
  /** Forgets a scope whose processes are gone, and removes its cgroup. */
  remove(id: number): Promise<void>;
}
