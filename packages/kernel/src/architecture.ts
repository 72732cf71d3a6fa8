import { KernelError } from './errors.js';

/** The instruction sets this package knows the kernel's numbers for. */
export type Architecture = 'x86_64' | 'arm64';

/** The instruction set of this process. */
export function hostArchitecture(): Architecture {
  switch (process.arch) {
    case 'x64':
      return 'x86_64';
    case 'arm64':
      return 'arm64';
    default:
      throw new KernelError(
        'ARCHITECTURE_UNSUPPORTED',
        `architecture: expected x64 or arm64, got ${process.arch}`,
      );
  }
}
