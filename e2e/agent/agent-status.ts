import { z } from 'zod';

/** Of an agent's status what the tests look at. */
export interface SeenStatus {
  readonly policies: readonly { readonly key: string }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly workloads: readonly {
    readonly id: number;
    readonly ruleSetHash: string;
    readonly tasks: number;
  }[];
  readonly counters: Readonly<Record<string, unknown>>;
}

/** Checks what the agent's `status` answers. */
export const statusSchema: z.ZodType<SeenStatus> = z.object({
  policies: z.array(z.object({ key: z.string() })),
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
  workloads: z.array(z.object({ id: z.number(), ruleSetHash: z.string(), tasks: z.number() })),
  counters: z.record(z.string(), z.unknown()),
});
