import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const KEY = 'kubearmor.procfs';
const USUAL = '/proc';

let mount: string | undefined;

/** Reads processes from another mount of procfs from now on, in this thread and in those that it starts. */
export function setProcfs(directory: string): void {
  mount = directory;
  setEnvironmentData(KEY, directory);
}

/** Where procfs is mounted that shows the machine's processes. By default /proc. */
export function procfs(): string {
  if (mount !== undefined) return mount;
  const given = getEnvironmentData(KEY);
  mount = typeof given === 'string' ? given : USUAL;
  return mount;
}

/** A path there: `1/root`. What a process asks about itself is at /proc, wherever the others are read. */
export function procPath(path: string): string {
  return `${procfs()}/${path}`;
}
