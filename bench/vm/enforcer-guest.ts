// In the guest of main.ts: instructions per call of a process without the LSM programs, and with them: of one that is
// nobody's, of one whose workload has no rules, of one under 1, 100 and 10,000 rules and under patterns; on overlayfs, too.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ENGINE_KIND, EnginePrograms } from '@kubearmor/enforcers';
import { bind, compile, parsePolicy, type BoundRuleSet, type Resolver } from '@kubearmor/policy';
import { places } from '../../e2e/places.ts';
import type { Result } from '../result.ts';

const BARE = 1;
const RULED = 2;
const DIRECTORY = '/run/bench';
const FILE = `${DIRECTORY}/a/bb/ccc/file.txt`;
const OVERLAID = '/run/merged/a/bb/ccc/file.txt';
const PROGRAM = `${DIRECTORY}/nothing`;

/** What is counted, and how often it is done. */
const loads = {
  open: { kind: 'open', count: 3000, path: FILE },
  open_overlay: { kind: 'open', count: 3000, path: OVERLAID },
  socket: { kind: 'name', count: 3000, path: '-' },
  stat: { kind: 'stat', count: 3000, path: FILE },
  exec: { kind: 'exec', count: 200, path: PROGRAM },
} as const;
type Name = keyof typeof loads;
const names = Object.keys(loads) as readonly Name[];

// As many tasks as the loads are, one after another, must find the same.
mkdirSync(dirname(FILE), { recursive: true });
for (const name of ['repeat', 'nothing']) copyFileSync(`/vm/${name}`, `${DIRECTORY}/${name}`);
writeFileSync(FILE, 'text\n');
for (const name of ['overlay', 'merged']) mkdirSync(`/run/${name}`);
execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run/overlay']);
for (const name of ['upper', 'work']) mkdirSync(`/run/overlay/${name}`);
const layers = `lowerdir=${DIRECTORY},upperdir=/run/overlay/upper,workdir=/run/overlay/work`;
execFileSync('mount', ['-t', 'overlay', '-o', layers, 'overlay', '/run/merged']);

const results: Result[] = [];
const baselines = new Map<Name, number>();
for (const name of names) baselines.set(name, await repeat(name, () => undefined));

using programs = new EnginePrograms(places.objects);
programs.attach(ENGINE_KIND.file | ENGINE_KIND.process | ENGINE_KIND.network);
await record('unprotected', names, () => undefined);
await record('without_policy', ['open', 'open_overlay', 'socket'], (pid) => {
  programs.label(pid, BARE, `${DIRECTORY}/repeat`);
});
let slot = 0;
for (const [suffix, rules, patterns] of [
  ['protected_1', 1, 0],
  ['protected_100', 100, 0],
  ['protected_10000', 10_000, 0],
  ['patterns', 100, 10],
] as const) {
  const bound = boundRules(rules, patterns);
  programs.apply({ workload: RULED, slot: ++slot, bound, onError: 'deny', isAudited: false });
  await record(suffix, names, (pid) => {
    programs.label(pid, RULED, `${DIRECTORY}/repeat`);
  });
}
writeFileSync('/vm/results.json', JSON.stringify(results));

async function record(suffix: string, which: readonly Name[], prepare: (pid: number) => void): Promise<void> {
  for (const name of which) {
    const value = await repeat(name, prepare);
    const baseline = baselines.get(name) ?? NaN;
    results.push({ name: `${name}_${suffix}`, value, unit: 'instructions', baseline });
    process.stdout.write(`${name}_${suffix} ${value - baseline}\n`);
  }
}

/** One nanosecond of the guest's clock is one instruction. */
async function repeat(name: Name, prepare: (pid: number) => void): Promise<number> {
  const { kind, count, path } = loads[name];
  const child = spawn(`${DIRECTORY}/repeat`, [kind, String(count), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close');
  prepare(child.pid ?? 0);
  child.stdin.end('go\n');
  await closed;
  return Math.round(Number(text));
}

/** Half exact paths, half directories of different depths; one directory that lets the loads pass always matches. */
function boundRules(count: number, patterns: number): BoundRuleSet {
  const numbers = Array.from({ length: count }, (_, at) => at);
  const blocked = numbers.slice(1);
  const allowed = { dir: '/run/', recursive: true, action: 'Allow' };
  const spec = {
    file: {
      matchPaths: blocked.filter((at) => at % 2 === 0).map((at) => ({ path: `/srv/data/${at}/secret` })),
      matchDirectories: [
        allowed,
        ...blocked
          .filter((at) => at % 2 === 1)
          .map((at) => ({ dir: `/srv/${'deep/'.repeat(at % 5)}${at}/`, recursive: true })),
      ],
      matchPatterns: Array.from({ length: patterns }, (_, at) => ({ pattern: `/srv/**/name${at}*.key` })),
    },
    process: { matchPaths: [{ path: '/srv/never' }] },
    network: { matchProtocols: [{ protocol: 'sctp' }] },
    action: 'Block',
  };
  const document = { kind: 'KubeArmorPolicy', metadata: { name: 'p', namespace: 'vm' }, spec };
  const { policies } = parsePolicy(document, { file: 'bench.yaml' });
  const postures = { file: 'block', network: 'block', capabilities: 'block', device: 'block' } as const;
  const resolver: Resolver = {
    resolve: (path) => path,
    resolveParent: (path) => path,
    fileId: () => undefined,
    executables: () => [],
  };
  return bind(compile(policies, postures), resolver);
}
