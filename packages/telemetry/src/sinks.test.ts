import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { Counters } from '@kubearmor/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from './alert.js';
import { FanOut } from './fan-out.js';
import { FileSink } from './file-sink.js';
import { AlertLines } from './alert-lines.js';
import { DropLedger } from './drop-ledger.js';
import type { Lines } from './lines.js';
import type { AlertSink } from './sink.js';
import { StreamSink } from './stream-sink.js';

function line(number: number): Lines {
  return { bytes: Buffer.from(`#${number}\n`), shares: [{ workload: '7', messages: 1 }] };
}

function alertNumber(Timestamp: number): Alert {
  return { Timestamp, UpdatedTime: '', PPID: 0, UID: 0, Type: 'MatchedPolicy', Operation: 'File' };
}

function counted(counters: Counters): Record<string, number> {
  const samples = counters.snapshot().filter(({ value }) => value > 0);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['cause'] ?? 'written', value]));
}

describe('FileSink', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'file-sink-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('appends lines to a file that others may not read', async () => {
    const path = join(directory, 'alerts.log');
    const counters = new Counters();
    for (const number of [1, 2]) {
      const sink = new FileSink({ counters }, { path });
      sink.write(line(number));
      await sink.close();
    }
    expect(await readFile(path, 'utf8')).toBe('#1\n#2\n');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(counted(counters)).toEqual({ written: 2 });
  });

  it('keeps the order of what comes while it writes', async () => {
    const path = join(directory, 'alerts.log');
    const sink = new FileSink({ counters: new Counters() }, { path });
    for (let number = 0; number < 500; number += 1) {
      sink.write(line(number));
      if (number % 50 === 0) await stat(directory);
    }
    await sink.close();
    const expected = Array.from({ length: 500 }, (_, number) => `#${number}\n`).join('');
    expect(await readFile(path, 'utf8')).toBe(expected);
  });

  it('follows the path when the file is rotated', async () => {
    const path = join(directory, 'alerts.log');
    const sink = new FileSink({ counters: new Counters() }, { path });
    sink.write(line(1));
    await sink.flush();
    await rename(path, `${path}.1`);
    await sleep(30);
    sink.write(line(2));
    await sink.close();
    expect([await readFile(`${path}.1`, 'utf8'), await readFile(path, 'utf8')]).toEqual(['#1\n', '#2\n']);
  });

  it('counts what it cannot write, and recovers', async () => {
    const path = join(directory, 'later', 'alerts.log');
    const counters = new Counters();
    const sink = new FileSink({ counters }, { path });
    sink.write(line(1));
    await sink.flush();
    expect(counted(counters)).toEqual({ failed: 1 });
    await mkdir(join(directory, 'later'));
    sink.write(line(2));
    await sink.close();
    expect(counted(counters)).toEqual({ failed: 1, written: 1 });
  });

  it('counts a full device', async () => {
    const counters = new Counters();
    const sink = new FileSink({ counters }, { path: '/dev/full' });
    sink.write(line(1));
    await sink.close();
    expect(counted(counters)).toEqual({ failed: 1 });
  });

  it('drops what it has no room for and what comes after its end', async () => {
    const counters = new Counters();
    const sink = new FileSink({ counters }, { path: join(directory, 'x'), maxPendingBytes: 3 });
    sink.write(line(1));
    sink.write(line(2));
    await sink.close();
    sink.write(line(3));
    expect(counted(counters)).toEqual({ written: 1, full: 1, closed: 1 });
  });
});

describe('StreamSink', () => {
  it('drops what a slow reader leaves no room for', async () => {
    const counters = new Counters();
    const taken: string[] = [];
    const done: (() => void)[] = [];
    const stream = new Writable({
      write: (chunk, _, callback) => {
        taken.push(String(chunk));
        done.push(callback);
      },
    });
    const sink = new StreamSink({ stream, counters }, { maxPendingBytes: 6 });
    for (const number of [1, 2, 3]) sink.write(line(number));
    const flushed = sink.close();
    sink.write(line(4));
    for (let next = done.shift(); next !== undefined; next = done.shift()) {
      next();
      await Promise.resolve();
    }
    await flushed;
    expect(taken.join('')).toBe('#1\n#2\n');
    expect(counted(counters)).toEqual({ written: 2, full: 1, closed: 1 });
  });

  it('survives a reader that went away', async () => {
    const counters = new Counters();
    const stream = new Writable({
      write: (_, __, callback) => {
        callback(new TypeError('EPIPE'));
      },
    });
    const sink = new StreamSink({ stream, counters });
    sink.write(line(1));
    await sink.flush();
    sink.write(line(2));
    await sink.close();
    expect(counted(counters)).toEqual({ failed: 2 });
  });
});

describe('AlertLines', () => {
  it('writes an alert as a line, and counts a loss for its workload', async () => {
    const drops = new DropLedger();
    const taken: string[] = [];
    const stream = new Writable({
      write: (chunk, _, callback) => {
        taken.push(String(chunk));
        callback();
      },
    });
    const lines = new StreamSink({ stream, counters: new Counters(), drops });
    const sink = new AlertLines(lines, ({ Timestamp }) => `#${Timestamp}`);
    sink.write(alertNumber(1));
    await sink.close();
    sink.write({ ...alertNumber(2), ContainerID: '7' });
    await sink.flush();
    expect(taken.join('')).toBe('#1\n');
    expect(drops.all()).toEqual([{ stream: 'alerts', cause: 'stdout: closed', workload: '7', count: 1 }]);
  });
});

describe('FanOut', () => {
  const broken: AlertSink = {
    write: () => {
      throw new TypeError('broken');
    },
    flush: () => Promise.reject(new TypeError('broken')),
    close: () => Promise.reject(new TypeError('broken')),
  };

  it('gives every sink every alert, whatever the others do', async () => {
    const counters = new Counters();
    const seen: Alert[] = [];
    const log: string[] = [];
    const working: AlertSink = {
      write: (alert) => void seen.push(alert),
      flush: () => Promise.resolve(void log.push('flush')),
      close: () => Promise.resolve(void log.push('close')),
    };
    const fanOut = new FanOut({ counters }, [broken, working]);
    fanOut.write(alertNumber(1));
    expect(seen).toHaveLength(1);
    expect(counted(counters)).toEqual({ thrown: 1 });
    await expect(fanOut.flush()).rejects.toMatchObject({ code: 'SINK_FLUSH_FAILED' });
    await expect(fanOut.close()).rejects.toMatchObject({ code: 'SINK_CLOSE_FAILED' });
    expect(log).toEqual(['flush', 'close']);
  });

  it('closes quietly when every sink does', async () => {
    await expect(new FanOut({ counters: new Counters() }, []).close()).resolves.toBeUndefined();
  });
});
