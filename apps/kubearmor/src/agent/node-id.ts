import { readTextAt } from '@kubearmor/kernel';

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/** The machine's id, or its name where it has none. */
export function readNodeId(host: string, files: readonly string[] = FILES): string {
  for (const file of files) {
    const id = readTextAt(file)?.trim() ?? '';
    if (id !== '') return id;
  }
  return host;
}
