import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the bench keeps and finds what it needs. */
export const places = {
  /** The checkout; a guest sees it at the same path. */
  root,
  /** Kernels that were prepared, one folder each, and the package lists that they were found in. */
  kernels: `${root}/build/vm`,
  /** Scripts that run in a guest. */
  guest: `${root}/tools/vm/guest`,
} as const;
