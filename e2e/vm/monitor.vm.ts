import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { release } from 'node:os';
import { before, describe, it } from 'node:test';
import { EVERYTHING, Monitor } from '@kubearmor/monitor';
import { createSystemClock } from '@kubearmor/service';
import type { LogEvent } from '@kubearmor/telemetry';
import { places } from '../places.ts';
import { hasTracepoint } from './guest/has-tracepoint.ts';

const WORKLOAD = 4711;
const changes = [
  'mkdir /tmp/there',
  'ln -s /tmp/there /tmp/link',
  'touch /tmp/link/one',
  'mv /tmp/link/one /tmp/link/two',
  'chown 1 /tmp/link/two',
  'rm /tmp/link/two',
  'rm /tmp/link/none',
  'mount -t tmpfs none /tmp/link',
  'umount /tmp/there',
  'rm /tmp/link',
  'rmdir /tmp/there',
];
const command =
  'cat /etc/hostname; cat /etc/shadow_is_not_there; exec 3<>/dev/tcp/127.0.0.1/9; ' +
  `${changes.join('; ')}; /bin/true`;

/** A monitor that watches until it is killed. */
const WATCHING = `
  import { EVERYTHING, MonitorPrograms } from '@kubearmor/monitor';
  const programs = MonitorPrograms.load({ objects: ${JSON.stringify(places.objects)} });
  programs.watch(${WORKLOAD}, EVERYTHING);
  programs.attach();
  console.log('attached');
  setInterval(() => undefined, 1000);
`;

/** Programs of the monitor that newer kernels only have a place for. */
const tracepoints = {
  monitor_capable: 'capability/cap_capable',
  monitor_io_uring: 'io_uring/io_uring_submit_req',
};

/** What hashes files where programs can attach to functions. */
const HASHES = 'monitor_hash';

/** What the monitor saw of a shell. */
interface Seen {
  readonly logs: readonly LogEvent[];
  readonly kinds: readonly string[];
  readonly events: number;
  readonly lost: number;
  readonly missing: readonly string[];
  readonly variant: 'functions' | 'tracepoints';
}

describe(`the monitor on ${release()}`, () => {
  let seen: Seen;

  before(async () => {
    seen = await watchShell();
  });

  it('attaches all programs but those whose tracepoints this kernel does not have', () => {
    // Where programs attach to functions, the check of a capability is one of them, and files are hashed.
    const needed =
      seen.variant === 'functions' ? { ...tracepoints, monitor_capable: undefined } : tracepoints;
    const absent = Object.entries(needed).filter(
      ([, tracepoint]) => tracepoint !== undefined && !hasTracepoint(tracepoint),
    );
    assert.deepEqual(
      seen.missing.filter((program) => program in tracepoints),
      absent.map(([program]) => program),
    );
    assert.deepEqual(
      seen.missing.filter((program) => !(program in tracepoints)),
      seen.variant === 'functions' ? [] : [HASHES],
    );
  });

  it('sees forks, execs and exits', () => {
    for (const kind of ['fork', 'exec', 'exit']) assert.ok(seen.kinds.includes(kind), `no ${kind}`);
    assert.ok(find('Process', '/usr/bin/cat /etc/hostname'));
  });

  it('sees an open with the path that the kernel resolved', () => {
    const log = find('File', '/etc/hostname');
    assert.equal(log?.call.Result, 'Passed');
    assert.equal(log.process.ProcessName, '/usr/bin/cat');
  });

  it('sees a connection with its address and its result', () => {
    const log = find('Network', 'sin_port=9 ');
    assert.match(log?.call.Data ?? '', /SYS_CONNECT/);
    assert.equal(log?.call.Result, 'Connection refused');
  });

  it('tells names that are changed as the kernel has them, or else as the caller does, and says so', () => {
    const isKernels = seen.variant === 'functions';
    const place = isKernels ? '/tmp/there' : '/tmp/link';
    const lines = seen.logs
      .filter(({ call }) => /SYS_(RENAME|FCHOWNAT|UNLINK|RMDIR|MOUNT|UMOUNT2)/.test(call.Data))
      .map(({ call, Resource }) => {
        const [, target = ''] = / target=(\S+)/.exec(call.Data) ?? [];
        const [, name = ''] = /SYS_([A-Z]+)/.exec(call.Data) ?? [];
        return `${name} ${Resource} ${target} ${call.Marks ?? ''}`.replace(/ +/g, ' ').trim();
      });
    // mount(8) follows the link itself.
    const mark = isKernels ? '' : ' caller';
    assert.deepEqual(lines, [
      `RENAMEAT ${place}/one ${place}/two${mark}`,
      `FCHOWNAT ${place}/two${mark}`,
      `UNLINKAT ${place}/two${mark}`,
      `MOUNT /tmp/there${mark}`,
      `UMOUNT /tmp/there${mark}`,
      `UNLINKAT /tmp/link${mark}`,
      `RMDIR /tmp/there${mark}`,
    ]);
  });

  it('loses nothing', () => {
    assert.equal(seen.lost, 0);
    assert.equal(seen.events, seen.kinds.length);
  });

  // Of a hundred programs at functions the kernel takes a fifth of a second each to take off, and longer here.
  it('is gone at once when it is killed', async () => {
    const monitor = spawn(process.execPath, ['--input-type=module', '-e', WATCHING], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(monitor.stdout, 'data');
    const exited = once(monitor, 'exit');
    const startMs = performance.now();
    monitor.kill('SIGKILL');
    await exited;
    const lastedMs = performance.now() - startMs;
    assert.ok(lastedMs < 5_000, `expected the end in 5 s, got ${lastedMs} ms`);
  });

  function find(operation: string, text: string): LogEvent | undefined {
    return seen.logs.find(({ call, Resource }) => call.Operation === operation && Resource.includes(text));
  }
});

async function watchShell(): Promise<Seen> {
  await using monitor = Monitor.start(
    {
      clock: createSystemClock(),
      workloadOf: (id) => (id === WORKLOAD ? { Type: 'ContainerLog' } : undefined),
    },
    { objects: places.objects },
  );
  monitor.watch(WORKLOAD, EVERYTHING);
  const logs: LogEvent[] = [];
  const kinds: string[] = [];
  const reading = collect(monitor, logs, kinds);
  await runLabelled(monitor);
  monitor.programs.detach();
  const { events, ringFull, busy } = monitor.tally(WORKLOAD);
  await monitor.drain();
  await reading;
  const missing = monitor.missing.map(({ program }) => program);
  const { variant } = monitor.programs;
  return { logs, kinds, events, lost: ringFull + busy, missing, variant };
}

async function collect(monitor: Monitor, logs: LogEvent[], kinds: string[]): Promise<void> {
  for await (const batch of monitor.logs(({ kind }) => kinds.push(kind))) logs.push(...batch);
}

// A shell that is labelled before its first command; its children inherit the label.
async function runLabelled(monitor: Monitor): Promise<void> {
  const shell = spawn('bash', ['-c', `read go; ${command}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = once(shell, 'exit');
  const pid = shell.pid ?? 0;
  const label = new Uint8Array(monitor.programs.labels.valueBytes);
  new DataView(label.buffer).setUint32(0, WORKLOAD, true);
  monitor.programs.labels.update(new Uint8Array(Uint32Array.of(pid).buffer), label);
  monitor.adopt(pid);
  shell.stdin.end('go\n');
  await exited;
}
