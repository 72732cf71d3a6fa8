/** A program and when it is to be attached. */
export interface ProgramPlace {
  readonly program: string;
  /** The bits of `enum monitor_group` of which one must be watched by somebody; ALWAYS where it is attached in any case. */
  readonly groups: number;
  /** What is not seen where the kernel has no place for the program; absent for those that it must have. */
  readonly consequence?: string;
  /** Whether it stays where it is once it has been attached: taking it off takes the kernel long. By default false. */
  readonly stays?: boolean;
}

/** Whether anything is watched or not. */
export const ALWAYS = -1;
