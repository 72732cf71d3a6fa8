import { z } from 'zod';

const tally = z.object({ events: z.number(), ringFull: z.number(), busy: z.number() });
const schema = z.object({
  monitor: z.object({
    state: z.string(),
    reason: z.string(),
    counts: z.object({
      kernel: tally,
      read: z.number(),
      invalid: z.number(),
      unknownWorkload: z.number(),
      logs: z.number(),
    }),
  }),
  drops: z.array(
    z.object({ stream: z.string(), cause: z.string(), workload: z.string(), count: z.number() }),
  ),
  clients: z.array(z.object({ feed: z.string(), client: z.string(), sent: z.number(), dropped: z.number() })),
  counters: z.record(z.string(), z.number()),
});

/** Of an agent's status what is about telemetry. */
export type TelemetryStatus = z.infer<typeof schema>;

/** Checks what the agent's `status` answers. */
export function parseTelemetryStatus(answer: unknown): TelemetryStatus {
  return schema.parse(answer);
}

/** How many messages of a stream were lost, for one cause or for any. */
export function dropped({ drops }: TelemetryStatus, stream: string, cause?: string): number {
  return drops
    .filter((drop) => drop.stream === stream && (cause === undefined || drop.cause === cause))
    .reduce((sum, { count }) => sum + count, 0);
}
