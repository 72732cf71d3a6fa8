/** What can go wrong with a virtual machine. */
export type VmErrorCode =
  /** A program that the bench needs is not there, or the machine is not one that it is made for. */
  | 'VM_UNAVAILABLE'
  /** A flag or its value was not understood. */
  | 'VM_USAGE'
  /** The archive has no such kernel, or did not give it. */
  | 'VM_KERNEL'
  /** A program that prepares a kernel failed. */
  | 'VM_COMMAND';

/** An error of the bench of virtual machines. */
export class VmError extends Error {
  override readonly name = 'VmError';
  readonly code: VmErrorCode;

  constructor(code: VmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
