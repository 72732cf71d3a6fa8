import { existsSync } from 'node:fs';

/** Whether this kernel has a tracepoint, such as `io_uring/io_uring_submit_req`. */
export function hasTracepoint(name: string): boolean {
  return existsSync(`/sys/kernel/tracing/events/${name}`);
}
