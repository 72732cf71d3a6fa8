import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

let directory: string;

async function karmor(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, stdout, stderr };
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
      expect(result).toMatchObject({ status: 0, stdout: expect.stringContaining('Examples:') });
    }
  });

  it('shows the help of run under both spellings', async () => {
    for (const args of [
      ['run', '--help'],
      ['help', 'run'],
    ]) {
      const result = await karmor(args);
      expect(result).toMatchObject({ status: 0, stdout: expect.stringContaining('--cap-drop') });
    }
  });

  it('says its version', async () => {
    expect(await karmor(['version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^karmor \d+\.\d+/u),
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
      expect(await karmor(args)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^karmor: /u) });
    });
  }

  it('says how to start an agent when there is none', async () => {
    const env = { KUBEARMOR_SOCKET: socket() };
    const status = await karmor(['status'], env);
    expect(status).toMatchObject({ status: 1, stderr: expect.stringContaining('kubearmor agent') });
    if (process.geteuid?.() !== 0) return;
    const run = await karmor(['run', '--', 'true'], env);
    expect(run).toMatchObject({ status: 125, stderr: expect.stringContaining('kubearmor agent') });
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
    await using _agent = await serveJson(socket(), { handlers: { status: handler } });
    const shown = await karmor(['status', '--socket', socket()]);
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining('agent      9.9') });
    const json = await karmor(['status', '--json'], { KUBEARMOR_SOCKET: socket() });
    expect(JSON.parse(json.stdout)).toEqual(answer);
  });
});
