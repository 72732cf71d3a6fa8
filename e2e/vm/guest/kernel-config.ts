import { readFileSync } from 'node:fs';
import { release } from 'node:os';

/** Whether this kernel was built with an option, as a module or whole; by its own configuration. */
export function isConfigured(option: string): boolean {
  const lines = readFileSync(`/boot/config-${release()}`, 'utf8').split('\n');
  return lines.some((line) => line === `CONFIG_${option}=y` || line === `CONFIG_${option}=m`);
}
