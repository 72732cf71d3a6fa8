/** Changes with the shared structs, so that programs of another layout are never taken over. */
const LAYOUT = 'guard-3';

/** The guard's directory below that of all pins; `labels` in it says which workload a task belongs to. */
export function guardPins(pins: string): string {
  return `${pins}/${LAYOUT}`;
}
