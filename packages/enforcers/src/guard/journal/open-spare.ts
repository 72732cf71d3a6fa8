import { mkdirSync, openSync } from 'node:fs';
import { spareName } from './journal-segment.js';
import { identify } from '../process-identity.js';
import type { SpareFile } from './spare-segment.js';

let opened = 0;

/** Opens a file in the journal's directory that can become a segment. */
export function openSpare(directory: string): SpareFile {
  const writer = identify(process.pid) ?? { pid: process.pid, startTime: '0' };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = `${directory}/${spareName(writer, opened++)}`;
  return { path, fd: openSync(path, 'a', 0o600) };
}
