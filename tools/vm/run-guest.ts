import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuestJob } from './guest-job.ts';
import { initrd } from './initrd.ts';
import type { PreparedKernel } from './kernel/prepared-kernel.ts';
import { qemuWords, type GuestFiles } from './qemu-words.ts';

/** How a guest ended. */
export type GuestEnd =
  /** The job ended with a status. */
  | { readonly kind: 'done'; readonly status: number }
  /** The guest died, hung, or never started; with the end of its console. */
  | { readonly kind: 'dead'; readonly reason: string; readonly console: string };

const CONSOLE_LINES = 40;

/** Boots a kernel, runs a job in it with its output on ours, and waits for its end. Nothing outlives it, or us. */
export async function runGuest(kernel: PreparedKernel, job: GuestJob): Promise<GuestEnd> {
  const directory = mkdtempSync(join(tmpdir(), 'kubearmor-vm-'));
  try {
    const files = {
      initrd: join(directory, 'initrd'),
      console: join(directory, 'console'),
      share: job.share ?? join(directory, 'share'),
    };
    mkdirSync(files.share, { recursive: true });
    rmSync(join(files.share, 'status'), { force: true });
    writeFileSync(join(files.share, 'command'), `${job.command}\n`);
    writeFileSync(files.initrd, initrd(kernel));
    const { reason, complaint } = await runQemu(qemuWords(kernel, job, files), job.timeoutMs);
    return endOf(files, reason, complaint);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface QemuEnd {
  /** Why it ended. */
  readonly reason: string;
  /** What it wrote to its standard error. */
  readonly complaint: string;
}

async function runQemu(words: readonly string[], timeoutMs: number): Promise<QemuEnd> {
  // A machine is no use to anybody once we are gone. Its input is never written to, but where it ends the output does, too.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], { stdio: ['pipe', 'inherit', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  let reason: string | undefined;
  const stop = (why: string): void => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(stop, timeoutMs, `it was still running after ${timeoutMs / 1000} s`);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const listeners = signals.map((signal) => ({
    signal,
    listener: () => {
      stop(`it was ended by ${signal}`);
    },
  }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  for (const { signal, listener } of listeners) process.off(signal, listener);
  return { reason: reason ?? `QEMU ended with ${status ?? 'a signal'}`, complaint };
}

function endOf({ share, console }: GuestFiles, reason: string, complaint: string): GuestEnd {
  const status = join(share, 'status');
  if (existsSync(status)) return { kind: 'done', status: Number(readFileSync(status, 'utf8')) };
  const text = existsSync(console) ? readFileSync(console, 'utf8') : '';
  const lines = text.trimEnd().split('\n').slice(-CONSOLE_LINES);
  return { kind: 'dead', reason, console: [complaint.trimEnd(), ...lines].join('\n').trim() };
}
