import { readFile } from 'node:fs/promises';
import type { Output } from '../output.js';

/** Prints the version of this installation and of the Node that runs it. */
export async function versionCommand(output: Output): Promise<number> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  output.print(`karmor ${readVersion(JSON.parse(text))} (node ${process.version})\n`);
  return 0;
}

function readVersion(manifest: unknown): string {
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : 'unknown';
}
