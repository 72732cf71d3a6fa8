import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogEvent } from '@kubearmor/telemetry';
import { describe, expect, it } from 'vitest';
import type { MonitorVariant } from './programs/monitor-variant.js';
import {
  canWatch,
  compileProgram,
  scratchDirectory,
  variants,
  watchRun,
  type Seen,
} from './testing/watched-run.js';

// In a virtual machine without hardware to help, all takes thirty times as long.
const TIMEOUT_MS = 600_000;

function lineOf({ call, Resource }: LogEvent): string {
  return `${call.Operation} | ${Resource} | ${call.Data} | ${call.Result}`;
}

async function watchActor(variant: MonitorVariant): Promise<{ readonly seen: Seen; readonly root: string }> {
  using directory = scratchDirectory();
  const program = compileProgram('actor', directory.path);
  const root = join(directory.path, 'work');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'sub/inside'), '');
  writeFileSync(join(root, 'script'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  return { seen: await watchRun([program, root], { cwd: '/', variant }), root };
}

/** What the actor does in order, without what the C library opens for it. */
function expected(root: string, port: number): readonly string[] {
  const at = (name: string): string => join(root, name);
  const inet = `sa_family=AF_INET sin_port=${port} sin_addr=127.0.0.1`;
  const tcp = `remoteip=127.0.0.1 port=${port} protocol=TCP`;
  const socket = (text: string): string => `Network | ${text} protocol=HOPOPT | syscall=SYS_SOCKET | Passed`;
  return [
    `File | ${root} | syscall=SYS_OPENAT fd=-100 flags=O_RDONLY|O_DIRECTORY | Passed`,
    `File | ${at('opened')} | syscall=SYS_OPEN flags=O_WRONLY|O_CREAT | Passed`,
    `File | ${at('created')} | syscall=SYS_CREAT mode=384 | Passed`,
    `File | ${at('opened2')} | syscall=SYS_OPENAT fd=3 flags=O_WRONLY|O_CREAT | Passed`,
    `File | ${at('opened3')} | syscall=SYS_OPENAT2 fd=3 flags=O_RDWR|O_CREAT | Passed`,
    `File | ${at('opened/x')} | syscall=SYS_OPENAT fd=3 flags=O_RDONLY | Not a directory`,
    `File | ${at('opened')} | syscall=SYS_OPENAT fd=-100 flags=O_RDONLY | Passed`,
    `File | ${at('opened')} | syscall=SYS_CHOWN userid=1 group=2 | Passed`,
    `File | ${at('link')} | syscall=SYS_LCHOWN userid=3 group=4 | Passed`,
    `File | ${at('opened2')} | syscall=SYS_FCHOWN userid=5 group=6 | Passed`,
    `File | ${at('opened')} | syscall=SYS_FCHOWNAT userid=7 group=-1 mode=256 | Passed`,
    `File | ${at('opened')} | syscall=SYS_RENAME target=${at('renamed')} | Passed`,
    `File | ${at('renamed')} | syscall=SYS_RENAMEAT target=${at('renamed2')} | Passed`,
    `File | ${at('renamed2')} | syscall=SYS_RENAMEAT2 target=${at('renamed3')} | Passed`,
    `File | ${at('renamed3')} | syscall=SYS_UNLINK | Passed`,
    `File | ${at('created')} | syscall=SYS_UNLINKAT flags= | Passed`,
    `File | ${at('made')} | syscall=SYS_RMDIR | Passed`,
    `File | ${at('sub/inside')} | syscall=SYS_UNLINK | Passed`,
    socket('domain=AF_INET type=SOCK_STREAM'),
    socket('domain=AF_INET type=SOCK_DGRAM|SOCK_CLOEXEC'),
    socket('domain=AF_INET type=SOCK_STREAM'),
    socket('domain=AF_INET type=SOCK_STREAM|SOCK_NONBLOCK'),
    socket('domain=AF_UNIX type=SOCK_STREAM'),
    socket('domain=AF_UNIX type=SOCK_STREAM'),
    'Network | sa_family=AF_INET sin_port=0 sin_addr=127.0.0.1 | syscall=SYS_BIND fd=9 | Passed',
    'Network |  | syscall=SYS_LISTEN fd=9 | Passed',
    `Network | ${inet} | syscall=SYS_CONNECT fd=11 | Passed`,
    `Network | ${tcp} | kprobe=tcp_connect domain=AF_INET | Passed`,
    `Network | ${tcp} | kprobe=tcp_accept domain=AF_INET | Passed`,
    `Network | ${inet} | syscall=SYS_CONNECT fd=12 | Operation now in progress`,
    `Network | ${tcp} | kprobe=tcp_connect domain=AF_INET | Passed`,
    `Network | ${tcp} | kprobe=tcp_accept domain=AF_INET | Passed`,
    `Network | ${inet} | syscall=SYS_SENDTO fd=10 | Passed`,
    `Network | ${inet} | syscall=SYS_SENDMSG fd=10 | Passed`,
    'Network | sa_family=AF_UNIX sun_path=un\\040ix | syscall=SYS_BIND fd=13 | Passed',
    'Network |  | syscall=SYS_LISTEN fd=13 | Passed',
    'Network | sa_family=AF_UNIX sun_path=un\\040ix | syscall=SYS_CONNECT fd=14 | Passed',
    'Network | sa_family=AF_UNIX sun_path=un\\040ix | syscall=SYS_ACCEPT fd=13 | Passed',
  ];
}

describe.skipIf(!canWatch).each(variants())('Monitor on this kernel by %s (root, cc)', (variant) => {
  it(
    'sees every call with what the kernel made of it',
    async () => {
      const { seen, root } = await watchActor(variant);
      const { logs, firstPid } = seen;
      const of = (operation: string): string[] =>
        logs
          .filter((log) => log.call.Operation === operation && log.process.HostPID === firstPid)
          .filter(
            (log) => log.process.ProcessName?.endsWith('/actor') && !log.Resource.startsWith('/usr/lib'),
          )
          .map(lineOf)
          .filter((line) => !/ld\.so|libc\.so/.test(line));
      const lines = expected(root, Number(seen.stdout));
      const isByRing = (line: string): boolean => line.includes('io_uring=');
      expect([...of('File'), ...of('Network')].filter((line) => !isByRing(line))).toEqual(lines);
      // Where the kernel has io_uring and its tracepoint, and lets it be used.
      for (const line of of('File').filter(isByRing)) {
        const flags = 'io_uring=IORING_OP_OPENAT fd=-100 flags=O_WRONLY|O_CREAT';
        expect(line.replace('|O_LARGEFILE', '')).toBe(`File | ${join(root, 'by-ring')} | ${flags} | Passed`);
      }
      expect(of('Syscall')).toEqual([
        'Syscall |  | syscall=SYS_MOUNT source=no\\040ne target=' +
          `${join(root, 'sub')} filesystem=nosuchfs mountflag=MS_NOSUID data=data | No such device`,
        `Syscall |  | syscall=SYS_UMOUNT2 target=${join(root, 'sub')} flag=MNT_DETACH | Invalid argument`,
        'Syscall |  | syscall=SYS_SETGID userid=0 | Passed',
        'Syscall |  | syscall=SYS_SETUID userid=0 | Passed',
      ]);
      expect(of('Process').map((line) => line.replace(/pid=\d+/, 'pid=N'))).toEqual([
        expect.stringMatching(/^Process \| .*\/actor .*\/work \| syscall=SYS_EXECVE \| Passed$/),
        expect.stringMatching(
          /actor \| syscall=SYS_PTRACE request=PTRACE_SEIZE pid=N process=.*actor \| Passed$/,
        ),
        expect.stringMatching(/actor \| syscall=SYS_KILL signal=SIGKILL pid=N \| Passed$/),
      ]);
      expect(seen.tally).toMatchObject({ ringFull: 0, busy: 0, events: seen.events.length });
      expect(seen.leftInTree).toBeLessThanOrEqual(0);
    },
    TIMEOUT_MS,
  );

  it(
    'has the names that are changed from the kernel where it watches functions',
    async () => {
      const { seen } = await watchActor(variant);
      const marks = seen.logs
        .filter(({ call, Resource }) => CHANGES.test(call.Data) && !Resource.endsWith('turned-away'))
        .map(({ call }) => call.Marks);
      expect(marks.length).toBeGreaterThan(10);
      expect(new Set(marks)).toEqual(new Set([variant === 'functions' ? undefined : 'caller']));
    },
    TIMEOUT_MS,
  );

  it(
    'sees execs: refused, by descriptor, of a script, by a thread, of a grandchild',
    async () => {
      const { seen, root } = await watchActor(variant);
      const execs = seen.logs.filter((log) => /SYS_EXECVE/.test(log.call.Data));
      const facts = execs.map((log) => [lineOf(log), log.Source, log.process.ParentProcessName]);
      const actor = join(root, '../actor');
      const shell: unknown = expect.stringMatching(/\/(dash|bash|sh)$/);
      const truth: unknown = expect.stringMatching(/\/true$/);
      expect(facts).toEqual([
        [`Process | ${actor} ${root} | syscall=SYS_EXECVE | Passed`, shell, expect.any(String)],
        [`Process | ${root}/./opened2 a b | syscall=SYS_EXECVE | Permission denied`, undefined, actor],
        [
          expect.stringMatching(/\/true \| syscall=SYS_EXECVEAT fd=\d+ flag=AT_EMPTY_PATH \| Passed$/),
          actor,
          actor,
        ],
        [expect.stringMatching(/ \.\/script arg \| syscall=SYS_EXECVE \| Passed$/), actor, actor],
        [expect.stringMatching(/\/true last \| syscall=SYS_EXECVE \| Passed$/), actor, actor],
        [expect.stringMatching(/\/true \| syscall=SYS_EXECVE \| Passed$/), actor, actor],
      ]);
      expect(execs.slice(4).map((log) => log.process.ProcessName)).toEqual([truth, truth]);
      expect(execs[0]?.process).toMatchObject({ HostPID: seen.firstPid, Cwd: '/', UID: 0 });
      expect(execs[3]?.process).toMatchObject({ Cwd: `${root}/`, ExecEvent: { ExecutableName: 'script' } });
      const exit = seen.events.find((event) => event.kind === 'exit' && event.pid === seen.firstPid);
      expect(exit?.result).toBe(3 << 8);
    },
    TIMEOUT_MS,
  );

  it(
    'tells what name servers are asked, in whatever way',
    async () => {
      const { seen } = await watchActor(variant);
      const asked = seen.logs
        .filter(({ call }) => call.Data.startsWith('kfunc='))
        .map(({ call, Resource }) => `${Resource} ${call.Data}`);
      const short = 'domain=example.org daddr=127.0.0.77 qtype=A';
      const long = 'domain=www.example.org daddr=127.0.0.77 qtype=AAAA';
      const inet = (words: string): string => `sa_family=AF_INET sin_port=53 kfunc=UDP_SENDSKB ${words}`;
      const wide = [
        ...[short, short, short].map(inet),
        'sa_family=AF_INET6 sin_port=53 kfunc=UDP_SENDSKB domain=www.example.org daddr=::1 qtype=AAAA',
        ...[short, short, long, long, short, 'domain= daddr=127.0.0.77 qtype='].map(inet),
      ];
      expect(asked.slice(0, wide.length)).toEqual(wide);
      // Where the kernel runs 32-bit programs.
      if (hasNarrowCalls(seen)) expect(asked.slice(wide.length)).toEqual([inet(short), inet(short)]);
    },
    TIMEOUT_MS,
  );

  it(
    'tells each address of a call that sends several messages',
    async () => {
      const { seen } = await watchActor(variant);
      const sent = seen.logs.filter(({ call }) => call.Data.startsWith('syscall=SYS_SENDMMSG'));
      expect(sent.map(({ Resource }) => Resource)).toEqual([
        'sa_family=AF_INET sin_port=53 sin_addr=127.0.0.77',
        'sa_family=AF_INET sin_port=54 sin_addr=127.0.0.77',
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'sees the calls of 32-bit programs, socketcall included',
    async () => {
      const { seen, root } = await watchActor(variant);
      if (!hasNarrowCalls(seen)) return;
      const path = join(root, 'narrow');
      const pid = seen.logs.find(({ Resource }) => Resource === path)?.process.HostPID;
      const inet = 'sa_family=AF_INET sin_port=53 sin_addr=127.0.0.77';
      const lines = seen.logs
        .filter(({ process, call }) => process.HostPID === pid && !/CAPABLE|kfunc/.test(call.Data))
        .map((log) => lineOf(log).replace(/fd=\d+/, 'fd=N'));
      expect(lines).toEqual([
        `File | ${path} | syscall=SYS_OPEN flags=O_WRONLY|O_CREAT | Passed`,
        `File | ${path} | syscall=SYS_CHOWN userid=8 group=9 | Passed`,
        `File | ${path} | syscall=SYS_CHOWN userid=8 group=9 | Passed`,
        `File | ${path} | syscall=SYS_UNLINK | Passed`,
        'Network | domain=AF_INET type=SOCK_DGRAM protocol=HOPOPT | syscall=SYS_SOCKET | Passed',
        `Network | ${inet} | syscall=SYS_SENDTO fd=N | Passed`,
        `Network | ${inet} | syscall=SYS_CONNECT fd=N | Passed`,
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'sees a call that seccomp turns away',
    async () => {
      const { seen, root } = await watchActor(variant);
      const refused = seen.logs.filter(({ Resource }) => Resource === join(root, 'turned-away'));
      expect(refused.map(lineOf)).toEqual([
        `File | ${join(root, 'turned-away')} | syscall=SYS_RMDIR | Operation not permitted`,
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'sees only what is asked for',
    async () => {
      using directory = scratchDirectory();
      const program = compileProgram('swarm', directory.path);
      const run = (visibility: ReadonlySet<'process' | 'file'>): Promise<Seen> =>
        watchRun([program, '1', '1', '2'], { cwd: directory.path, visibility, variant });
      const files = await run(new Set(['file']));
      expect(new Set(files.logs.map(({ call }) => call.Operation))).toEqual(new Set(['File']));
      // Forks and execs are followed all the same: the source is right.
      expect(files.logs.at(-1)?.process.Source).toBe(`${program} 2`);
      const processes = await run(new Set(['process']));
      expect(new Set(processes.logs.map(({ call }) => call.Operation))).toEqual(new Set(['Process']));
      expect((await run(new Set())).events).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'counts a storm exactly, and keeps the order of each process',
    async () => {
      using directory = scratchDirectory();
      const program = compileProgram('swarm', directory.path);
      const [workers, children, opens] = [4, 100, 20];
      const seen = await watchRun([program, ...[workers, children, opens].map(String)], {
        cwd: directory.path,
        variant,
      });
      const count = (name: string): number => seen.events.filter((event) => event.name === name).length;
      expect(seen.tally).toEqual({ events: seen.events.length, ringFull: 0, busy: 0 });
      expect(count('fork')).toBe(workers + workers * children);
      expect(count('exec')).toBe(1 + workers * children);
      expect(count('exit')).toBe(1 + workers + workers * children);
      expectOrder(seen, program, opens);
    },
    TIMEOUT_MS,
  );

  it(
    'counts exactly what a ring that is too small loses',
    async () => {
      using directory = scratchDirectory();
      const program = compileProgram('swarm', directory.path);
      const seen = await watchRun([program, '4', '50', '200'], {
        cwd: directory.path,
        ringBytes: 65_536,
        variant,
        settleMs: 20,
      });
      expect(seen.tally.ringFull).toBeGreaterThan(0);
      expect(seen.events.length + seen.tally.ringFull + seen.tally.busy).toBe(seen.tally.events);
    },
    TIMEOUT_MS,
  );
});

function hasNarrowCalls({ logs }: Seen): boolean {
  return logs.some(({ Resource }) => Resource.endsWith('/narrow'));
}

describe.skipIf(!canWatch || variants().length < 2)('Monitor in both variants (root, cc)', () => {
  it(
    'tells the same',
    async () => {
      const [byFunctions, byTracepoints] = [await watchActor('functions'), await watchActor('tracepoints')];
      expect(comparable(byFunctions)).toEqual(comparable(byTracepoints));
    },
    TIMEOUT_MS,
  );
});

/** Calls that change names: where functions are watched, the names are the kernel's. */
const CHANGES = /^syscall=SYS_(UNLINK|UNLINKAT|RMDIR|RENAME|RENAMEAT|RENAMEAT2|L?CHOWN|FCHOWNAT|MOUNT) ?/;

// Without what differs between any two runs, and between the variants. Capability checks are seen by functions on kernels without their tracepoint.
function comparable({ seen, root }: { readonly seen: Seen; readonly root: string }): readonly string[] {
  const port = seen.stdout.trim();
  const first = seen.firstPid;
  // The shell before it may still be starting when it comes to be watched.
  const begin = seen.logs.findIndex(({ call }) => call.Data === 'syscall=SYS_EXECVE');
  return seen.logs
    .slice(begin)
    .filter(({ call }) => !call.Data.startsWith('lsm=CAPABLE'))
    .map((log) => {
      const { ProcessName, ParentProcessName, HostPID = 0, Cwd, TTY } = log.process;
      const process = `${HostPID - first} ${ProcessName} ${ParentProcessName} ${Cwd} ${TTY}`;
      const marks = CHANGES.test(log.call.Data) ? '' : (log.call.Marks ?? '');
      const text = `${lineOf(log)} | ${log.Source ?? log.process.Source} | ${marks} | ${process}`;
      return text
        .replaceAll(join(root, '..'), '')
        .replaceAll(port, 'PORT')
        .replace(/pid=\d+/, 'pid=N');
    });
}

function expectOrder(seen: Seen, program: string, opens: number): void {
  const byProcess = Map.groupBy(seen.events, ({ pid }) => pid);
  let children = 0;
  for (const [pid, events] of byProcess) {
    if (pid === seen.firstPid) continue;
    const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'call' && kind !== 'capability');
    expect([
      ['fork', 'exit'],
      ['fork', 'exec', 'exit'],
    ]).toContainEqual(kinds);
    expect(events[0]?.kind).toBe('fork');
    expect(events.at(-1)?.kind).toBe('exit');
    if (kinds.length !== 3) continue;
    children += 1;
    const opened = events
      .map(({ resource }) => /\/(\d+)$/.exec(resource)?.[1])
      .filter((name) => name !== undefined);
    expect(opened).toEqual(Array.from({ length: opens }, (_, index) => String(index)));
  }
  expect(children).toBe(seen.events.filter(({ kind }) => kind === 'exec').length - 1);
  expect(seen.logs.filter(({ call }) => call.Data === 'syscall=SYS_EXECVE').length).toBeGreaterThan(0);
  expect(seen.logs.every(({ process }) => process.ProcessName !== '')).toBe(true);
  expect(seen.logs.some(({ process }) => process.Source === `${program} ${opens}`)).toBe(true);
}
