import { checkBpf, libbpf } from './libbpf.js';

/** Opens whatever is pinned at a path of bpffs: a descriptor of a map, a program or a link. */
export function openPinned(path: string): number {
  return checkBpf(libbpf().bpf_obj_get(path), 'bpf_obj_get', path);
}

/** Pins a map, a program or a link at a path of bpffs. Removing the file unpins it. */
export function pinObject(fd: number, path: string): void {
  checkBpf(libbpf().bpf_obj_pin(fd, path), 'bpf_obj_pin', path);
}
