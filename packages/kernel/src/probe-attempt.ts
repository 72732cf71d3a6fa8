import { KernelError } from './errors.js';
import type { Capability, CapabilityProbeName } from './probe-result.js';

/** Runs one attempt: what it returns is the reason that the capability is there, what it throws the reason that it is not. */
export function attempt(name: CapabilityProbeName, consequence: string, run: () => string): Capability {
  try {
    return { name, available: true, reason: run(), consequence: '' };
  } catch (error) {
    return { name, available: false, reason: KernelError.from(error, name).message, consequence };
  }
}

/** Ends an attempt: the capability is not there, for this reason. */
export function refuse(reason: string): never {
  throw new KernelError('EOPNOTSUPP', reason);
}

/** Passes a descriptor through, or ends the attempt with the -errno that came instead. */
export function fdOrRefuse(fd: number, syscall: string, context: string): number {
  if (fd < 0) throw KernelError.fromErrno(fd, syscall, context);
  return fd;
}
