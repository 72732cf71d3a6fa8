import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { serveJson, type JsonHandler } from '@kubearmor/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../bin/karmor', import.meta.url));
const BUILT = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Result {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const containing = (part: string): unknown => expect.stringContaining(part);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

let directory: string;

async function karmor(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const ended: Promise<readonly unknown[]> = once(child, 'exit');
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status: end[0], stdout, stderr };
}

describe('karmor', { timeout: 30_000 }, () => {
  beforeAll(() => {
    expect(existsSync(BUILT), `${BUILT}: build the app first`).toBe(true);
    directory = mkdtempSync(join(tmpdir(), 'karmor-'));
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const socket = (): string => join(directory, 'agent.sock');

  it('shows its help when asked nothing, and for help', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const result = await karmor(args);
      expect(result).toMatchObject({ status: 0, stdout: containing('Examples:') });
    }
  });

  it('shows the help of run under both spellings', async () => {
    for (const args of [
      ['run', '--help'],
      ['help', 'run'],
    ]) {
      const result = await karmor(args);
      expect(result).toMatchObject({ status: 0, stdout: containing('--cap-drop') });
    }
  });

  it('says its version', async () => {
    expect(await karmor(['version'])).toMatchObject({
      status: 0,
      stdout: matching(/^karmor version \d+\.\d+.*\nkubearmor /u),
    });
  });

  for (const args of [
    ['nothing'],
    ['status', '--nothing'],
    ['run'],
    ['run', '--nothing', '--', 'true'],
    ['run', '--name', 'a b', '--', 'true'],
  ]) {
    it(`ends with 2 for: ${args.join(' ')}`, async () => {
      expect(await karmor(args)).toMatchObject({ status: 2, stderr: matching(/^karmor: /u) });
    });
  }

  it('says what became of commands and flags that KubeArmor’s client has', async () => {
    expect(await karmor(['install'])).toMatchObject({
      status: 2,
      stderr: matching(/^karmor: USAGE_INVALID: unknown command 'install': kubearmor install .*\n$/u),
    });
    expect(await karmor(['--context', 'c', 'version'])).toMatchObject({
      status: 0,
      stderr: containing('--context does not apply without Kubernetes'),
    });
  });

  it('takes the server before the command, as KubeArmor’s client does', async () => {
    const file = join(directory, 'p.yaml');
    writeFileSync(file, 'kind: KubeArmorPolicy\nmetadata: { name: p }\nspec: { selector: {} }\n');
    const args = ['vm', 'policy', '--gRPC', 'localhost:1', 'delete', file];
    expect(await karmor(args)).toMatchObject({
      status: 1,
      stderr: containing('SERVER_UNREACHABLE: localhost:1'),
    });
  });

  it('says how to start an agent when there is none', async () => {
    const env = { KUBEARMOR_SOCKET: socket() };
    const status = await karmor(['status'], env);
    expect(status).toMatchObject({ status: 1, stderr: containing('kubearmor agent') });
    if (process.geteuid?.() !== 0) return;
    const run = await karmor(['run', '--', 'true'], env);
    expect(run).toMatchObject({ status: 125, stderr: containing('kubearmor agent') });
  });

  it('shows the agent’s status, as text and as JSON', async () => {
    const answer = {
      version: '9.9',
      enforcer: { kind: 'guard', reason: '' },
      onError: 'deny',
      capabilities: [],
      workloads: [],
      policies: [],
      problems: [],
      counters: {},
      more: 'than this version knows',
    };
    const handler: JsonHandler = () => Promise.resolve(answer);
    await using agent = await serveJson(socket(), { handlers: { status: handler } });
    const shown = await karmor(['status', '--socket', agent.path]);
    expect(shown).toMatchObject({ status: 0, stdout: containing('agent      9.9') });
    const json = await karmor(['status', '--json'], { KUBEARMOR_SOCKET: socket() });
    expect(JSON.parse(json.stdout)).toEqual(answer);
  });
});
