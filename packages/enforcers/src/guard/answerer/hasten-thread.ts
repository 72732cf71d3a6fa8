import { setRoundRobin } from '@kubearmor/kernel';

/** The lowest of the priorities that come before every ordinary thread's. */
const PRIORITY = 1;

/**
 * Lets the calling thread run before whatever ordinary threads do: whoever opens a file waits for it, and sessions share
 * the processor fairly among each other, not among what they run. False where the kernel refuses that.
 */
export function hastenThread(): boolean {
  return setRoundRobin(PRIORITY) === 0;
}
