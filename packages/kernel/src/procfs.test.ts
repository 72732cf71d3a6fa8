import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readComm, readStatus } from './proc.js';
import { procfs, procPath, setProcfs } from './procfs.js';

const PID = 4_000_000;

describe('procfs', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubearmor-procfs-'));
    mkdirSync(join(directory, String(PID)));
    writeFileSync(join(directory, `${PID}/comm`), 'elsewhere\n');
  });
  afterEach(() => {
    setProcfs('/proc');
    rmSync(directory, { recursive: true });
  });

  it('is /proc', () => {
    expect(procPath('1/root')).toBe('/proc/1/root');
    expect(readStatus(process.pid)?.pid).toBe(process.pid);
  });

  it('is where it is said to be', () => {
    expect(readComm(PID)).toBeUndefined();
    setProcfs(directory);
    expect(readComm(PID)).toBe('elsewhere');
  });

  it('is the same in threads that are started afterwards', async () => {
    setProcfs(directory);
    const text = `const { getEnvironmentData, parentPort } = require('node:worker_threads');
      parentPort.postMessage(getEnvironmentData('kubearmor.procfs'));`;
    const worker = new Worker(text, { eval: true });
    const said: unknown = await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
    expect(said).toBe(procfs());
  });
});
