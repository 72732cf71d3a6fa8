import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { AgentError } from '../errors.js';
import type { Step } from './step.js';

const APPS = ['apps/kubearmor', 'apps/karmor'] as const;
const NODE = 'node_modules/node';
const TEXTS = ['README.md', 'LICENSE', 'docs'] as const;
const OBJECTS = 'build/bpf';

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * The steps that put the program of a built checkout, or of an installation, into a directory: both programs, the
 * packages and libraries they use, the pinned Node and the eBPF objects, laid out as they were. Throws
 * INSTALL_INCOMPLETE.
 */
export function programTree(source: string, to: string): readonly Step[] {
  const from = realpathSync(source);
  const needed = [...APPS.map((app) => `${app}/dist/main.js`), `${NODE}/bin/node`, `${OBJECTS}/guard.bpf.o`];
  const missing = needed.find((path) => !existsSync(join(from, path)));
  if (missing !== undefined) {
    throw new AgentError(
      'INSTALL_INCOMPLETE',
      `${from}: expected a built program, ${missing} is missing: make build`,
    );
  }
  const directories = dependenciesOf(APPS.map((app) => join(from, app)));
  return [
    ...directories.flatMap((directory) => stepsOf(directory, from, to)),
    ...nodeSteps(from, to),
    ...globSync('*.bpf.o', { cwd: join(from, OBJECTS) }).map((name): Step => ({
      kind: 'copy',
      from: join(from, OBJECTS, name),
      path: join(to, OBJECTS, name),
    })),
    ...workspaceLinks(directories, from, to),
    ...TEXTS.filter((name) => existsSync(join(from, name))).map((name): Step => ({
      kind: 'copy',
      from: join(from, name),
      path: join(to, name),
    })),
  ];
}

// Each package with what it needs at run time, found as Node finds it.
function dependenciesOf(roots: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const queue = [...roots];
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    if (found.has(directory)) continue;
    found.add(directory);
    const { dependencies, optionalDependencies } = readManifest(directory);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const resolved = resolvePackage(name, directory);
      if (resolved !== undefined) queue.push(resolved);
      else if (!(name in optionalDependencies)) throw missingPackage(name, directory);
    }
  }
  return [...found].sort();
}

function readManifest(directory: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
}

function resolvePackage(name: string, from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (directory === dirname(directory)) return undefined;
  }
}

function missingPackage(name: string, directory: string): AgentError {
  return new AgentError(
    'INSTALL_INCOMPLETE',
    `${directory}: expected package ${name}, found none: make build`,
  );
}

function stepsOf(directory: string, from: string, to: string): readonly Step[] {
  const place = relative(from, directory);
  if (!isWorkspace(place)) return [{ kind: 'copy', from: directory, path: join(to, place) }];
  return ['package.json', 'bin', 'dist', 'build']
    .filter((name) => existsSync(join(directory, name)))
    .map((name) => ({ kind: 'copy', from: join(directory, name), path: join(to, place, name) }));
}

// The package installs one of another name for this architecture, and links its program.
function nodeSteps(from: string, to: string): readonly Step[] {
  const licences = globSync([`${NODE}/LICENSE`, `${NODE}/node_modules/node-linux-*/LICENSE`], { cwd: from });
  return [
    { kind: 'copy', from: join(from, NODE, 'bin/node'), path: join(to, NODE, 'bin/node') },
    ...licences
      .slice(0, 1)
      .map((licence): Step => ({ kind: 'copy', from: join(from, licence), path: join(to, NODE, 'LICENSE') })),
  ];
}

function workspaceLinks(directories: readonly string[], from: string, to: string): readonly Step[] {
  return directories
    .map((directory) => relative(from, directory))
    .filter((place) => isWorkspace(place) && place.startsWith('packages/'))
    .map((place) => ({
      kind: 'link',
      path: join(to, 'node_modules/@kubearmor', place.slice('packages/'.length)),
      target: join('../..', place),
    }));
}

function isWorkspace(place: string): boolean {
  return /^(packages|apps)\/[^/]+$/.test(place);
}
