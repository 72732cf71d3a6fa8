import { readFileSync } from 'node:fs';

/** Whether this kernel's programs can call a helper, such as `get_func_ret`; by the kernel's own types. */
export function hasHelper(name: string): boolean {
  return readFileSync('/sys/kernel/btf/vmlinux').includes(`\0BPF_FUNC_${name}\0`);
}
