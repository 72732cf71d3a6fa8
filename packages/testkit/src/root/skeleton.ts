import type { RootEntry } from '../corpus/root-entry.js';

const directory = { kind: 'dir', uid: 0, mode: 0o755 } as const;

/** What exists in every root of the corpus: a merged `/usr`, and nothing in it. */
export const skeleton: ReadonlyMap<string, RootEntry> = new Map<string, RootEntry>([
  ['/usr/bin', directory],
  ['/usr/sbin', directory],
  ['/bin', { kind: 'link', target: 'usr/bin' }],
  ['/sbin', { kind: 'link', target: 'usr/sbin' }],
  ['/etc', directory],
  ['/dev', directory],
  ['/proc', directory],
  ['/tmp', { kind: 'dir', uid: 0, mode: 0o1777 }],
]);

/** Where programs are looked for. Those that are links in a root are skipped: their targets are in the list. */
export const standardDirectories = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
] as const;
