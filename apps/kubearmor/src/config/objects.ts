import { fileURLToPath } from 'node:url';

/** Where the compiled eBPF programs are. */
export const OBJECTS: string = fileURLToPath(new URL('../../../../build/bpf', import.meta.url));
