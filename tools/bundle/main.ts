// node tools/bundle/main.ts: puts the compiled agent and its guard into few files, which start several times faster than
// the eight hundred modules they are made of. Run by make build, after tsc.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
const app = `${root}apps/kubearmor`;

// Files that are found by their place beside another lie side by side here as well; only main.js lies one higher.
const build = await rolldown({
  cwd: root,
  platform: 'node',
  // Finds its native part by its own place.
  external: ['koffi'],
  checks: { ineffectiveDynamicImport: false },
  input: {
    main: `${app}/dist/main.js`,
    'parts/log-thread': `${app}/dist/logs/log-thread.js`,
    'parts/judge-thread': `${root}packages/enforcers/dist/guard/answerer/judge-thread.js`,
    'parts/stand-in-thread': `${root}packages/enforcers/dist/guard/keeper/stand-in-thread.js`,
  },
});
rmSync(`${app}/build`, { recursive: true, force: true });
await build.write({
  dir: `${app}/build`,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name]-[hash].js',
  sourcemap: true,
});
