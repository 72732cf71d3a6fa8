import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Step } from './step.js';

/** What only development needs: types and maps. */
const LEFT_OUT = /\.(d\.[cm]?ts|map|tsbuildinfo)$/;

/** Does what a step says, with `root` standing for the machine's root. */
export function carryOut(step: Step, root: string): void {
  const at = join(root, step.path);
  mkdirSync(dirname(at), { recursive: true });
  switch (step.kind) {
    case 'directory':
      mkdirSync(at, { recursive: true });
      chmodSync(at, step.mode);
      return;
    case 'copy':
      copy(step.from, at);
      return;
    case 'link':
      rmSync(at, { force: true });
      symlinkSync(step.target, at);
      return;
    case 'file':
      if (step.isKept && existsSync(at)) return;
      writeFileSync(at, step.content, { mode: step.mode });
      chmodSync(at, step.mode);
      return;
    case 'replace':
      replace(at, join(root, step.by));
      return;
  }
}

function copy(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !LEFT_OUT.test(source) && !source.slice(from.length).includes('/node_modules'),
  });
}

// Two renames: what runs from the old tree keeps its open files, and there is never half a tree.
function replace(path: string, by: string): void {
  const old = `${path}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(path)) renameSync(path, old);
  renameSync(by, path);
  rmSync(old, { recursive: true, force: true });
}
