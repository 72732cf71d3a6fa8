import { FakeClock } from '@kubearmor/service';
import type { LogEvent, LogWorkload } from '@kubearmor/telemetry';
import { describe, expect, it } from 'vitest';
import { CALLS } from '../calls/call-table.js';
import { EventReader } from '../event-reader.js';
import { ProcessTree } from '../process/process-tree.js';
import { FLAG, KIND, SIZES } from '../record/layout.js';
import { MemorySource } from '../testing/memory-source.js';
import { encodeExec, encodeFork, encodeRecord, toBatch, type RecordFields } from '../testing/record.js';
import { KernelTime } from './kernel-time.js';
import { LogComposer } from './log-composer.js';

const workload: LogWorkload = { Type: 'ContainerLog', NamespaceName: 'n', ContainerName: 'c' };
const START = 1_000_000_000n;
const SHELL = { pid: 100, startNs: START, parent: 1, uid: 33, workload: 7 };
const EACCES = -13;
const EINPROGRESS = -115;

interface Bench {
  readonly play: (...records: Buffer[]) => LogEvent[];
  readonly composer: LogComposer;
}

// A shell in /srv that came from a runtime, as the first process of a pid namespace.
function setUp(isKnown = true): Bench {
  const tree = new ProcessTree(new MemorySource());
  const reader = new EventReader(tree);
  const clock = new FakeClock();
  const time = new KernelTime({ nowMs: () => clock.nowMs(), wallNs: () => 5_000_000_000_000n }, () => 0n);
  time.refresh();
  const workloadOf = (id: number): LogWorkload | undefined =>
    isKnown ? (id === 0 ? { Type: 'HostLog' } : workload) : undefined;
  const composer = new LogComposer({
    workloadOf,
    nameUser: (uid) => `user${uid}`,
    time,
    tree,
    calls: reader.calls,
  });
  const play = (...records: Buffer[]): LogEvent[] => {
    const logs: LogEvent[] = [];
    reader.read(toBatch(records), (event) => {
      composer.compose(event, logs);
    });
    expect(reader.invalidRecords).toBe(0);
    return logs;
  };
  play(
    encodeFork({ pid: 1, startNs: 5n, parent: 0 }, { innerPid: 1 }),
    encodeExec(
      { pid: 1, startNs: 5n, flags: FLAG.internal },
      { path: '/usr/bin/runc', argv: ['runc', 'init'] },
    ),
    encodeFork(SHELL, { parentStartNs: 5n, innerPid: 9, innerParent: 8, pidNamespace: 4 }),
    encodeExec(
      { ...SHELL, flags: FLAG.internal },
      { path: '/usr/bin/bash', argv: ['bash', '-c', 'x'], cwd: '/srv', tty: 'pts0' },
      { innerPid: 9, innerParent: 8, pidNamespace: 4 },
    ),
  );
  return { play, composer };
}

function call(name: string, fields: RecordFields = {}): Buffer {
  const index = CALLS.findIndex((candidate) => candidate.name === name);
  return encodeRecord({ ...SHELL, ...fields, kind: KIND.call, call: index + 1 });
}

function inet(port: number): Buffer {
  const bytes = Buffer.from([2, 0, 0, 0, 10, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeUInt16BE(port, 2);
  return bytes;
}

function peer(local: number, remote: number, protocol = 6): Buffer {
  const bytes = Buffer.alloc(SIZES.monitor_peer);
  bytes.writeUInt16LE(2, 0);
  bytes.writeUInt16LE(protocol, 2);
  bytes.writeUInt16LE(local, 4);
  bytes.writeUInt16LE(remote, 6);
  bytes.set([10, 0, 0, 10], 8);
  return bytes;
}

const question = Buffer.from('\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01a\x07example\0\0\x1c\0\x01', 'latin1');
const unix = Buffer.from('\x01\0/run/a b.sock\0');
const resolved = { flags: FLAG.resolved };
const failed = { result: EACCES };

// Operation | Resource | Data | Result | marks
const cases: readonly (readonly [name: string, record: Buffer, log: readonly string[]])[] = [
  [
    'execve that failed',
    call('execve', { ...failed, texts: ['./run', 'run\0-a\0b c\0'] }),
    ['Process | /srv/./run -a b c | syscall=SYS_EXECVE | Permission denied | caller'],
  ],
  [
    'execveat that failed',
    call('execveat', { ...failed, args: [5, 0x1000], texts: ['', '/opt/bin', 'run\0'] }),
    ['Process | /opt/bin | syscall=SYS_EXECVEAT fd=5 flag=AT_EMPTY_PATH | Permission denied | caller'],
  ],
  [
    'open',
    call('open', { ...resolved, result: 3, args: [0o101], texts: ['/etc/shadow'] }),
    ['File | /etc/shadow | syscall=SYS_OPEN flags=O_WRONLY|O_CREAT | Passed | '],
  ],
  [
    'openat',
    call('openat', { ...resolved, result: 3, args: [-100, 0], texts: ['/etc/shadow'] }),
    ['File | /etc/shadow | syscall=SYS_OPENAT fd=-100 flags=O_RDONLY | Passed | '],
  ],
  [
    'openat of a file that has been removed',
    call('openat', { flags: FLAG.resolved | FLAG.unlinked, result: 3, args: [-100, 0], texts: ['/tmp/x'] }),
    ['File | /tmp/x | syscall=SYS_OPENAT fd=-100 flags=O_RDONLY | Passed | unlinked'],
  ],
  [
    'openat that failed, from a directory',
    call('openat', { ...failed, args: [7, 0o2000000], texts: ['passwd', '/etc'] }),
    ['File | /etc/passwd | syscall=SYS_OPENAT fd=7 flags=O_RDONLY|O_CLOEXEC | Permission denied | caller'],
  ],
  [
    'openat that failed, from the working directory',
    call('openat', { ...failed, args: [-100, 0], texts: ['passwd'] }),
    ['File | /srv/passwd | syscall=SYS_OPENAT fd=-100 flags=O_RDONLY | Permission denied | caller'],
  ],
  [
    'openat2',
    call('openat2', { ...resolved, result: 3, args: [-100, 0o2], texts: ['/etc/shadow'] }),
    ['File | /etc/shadow | syscall=SYS_OPENAT2 fd=-100 flags=O_RDWR | Passed | '],
  ],
  [
    'creat',
    call('creat', { ...resolved, result: 3, args: [0o644], texts: ['/srv/x'] }),
    ['File | /srv/x | syscall=SYS_CREAT mode=420 | Passed | '],
  ],
  ['unlink', call('unlink', { texts: ['x'] }), ['File | /srv/x | syscall=SYS_UNLINK | Passed | caller']],
  [
    'unlinkat',
    call('unlinkat', { args: [0x200], texts: ['x', '/tmp'] }),
    ['File | /tmp/x | syscall=SYS_UNLINKAT flags=AT_REMOVEDIR | Passed | caller'],
  ],
  ['rmdir', call('rmdir', { texts: ['/x'] }), ['File | /x | syscall=SYS_RMDIR | Passed | caller']],
  [
    'chown',
    call('chown', { args: [1000, -1], texts: ['/x'] }),
    ['File | /x | syscall=SYS_CHOWN userid=1000 group=-1 | Passed | caller'],
  ],
  [
    'fchown',
    call('fchown', { ...resolved, args: [1, 2], texts: ['/x'] }),
    ['File | /x | syscall=SYS_FCHOWN userid=1 group=2 | Passed | '],
  ],
  [
    'fchownat',
    call('fchownat', { args: [1, 2, 0x100], texts: ['x', '/tmp'] }),
    ['File | /tmp/x | syscall=SYS_FCHOWNAT userid=1 group=2 mode=256 | Passed | caller'],
  ],
  [
    'rename',
    call('rename', { texts: ['a', 'b c'] }),
    ['File | /srv/a | syscall=SYS_RENAME target=/srv/b\\040c | Passed | caller'],
  ],
  [
    'renameat2',
    call('renameat2', { args: [1], texts: ['a', '/x', '/b', ''] }),
    ['File | /x/a | syscall=SYS_RENAMEAT2 target=/b | Passed | caller'],
  ],
  [
    'socket',
    call('socket', { result: 3, args: [2, 0o2000001, 0] }),
    [
      'Network | domain=AF_INET type=SOCK_STREAM|SOCK_CLOEXEC protocol=HOPOPT | syscall=SYS_SOCKET | Passed | ',
    ],
  ],
  [
    'connect by TCP',
    call('connect', { ...resolved, args: [10], texts: [inet(53), peer(40_000, 53)] }),
    [
      'Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_CONNECT fd=10 | Passed | ',
      'Network | remoteip=10.0.0.10 port=53 protocol=TCP | kprobe=tcp_connect domain=AF_INET | Passed | ',
    ],
  ],
  [
    'connect by TCP that is under way',
    call('connect', { ...resolved, result: EINPROGRESS, args: [10], texts: [inet(53), peer(40_000, 53)] }),
    [
      'Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_CONNECT fd=10 | Operation now in progress | ',
      'Network | remoteip=10.0.0.10 port=53 protocol=TCP | kprobe=tcp_connect domain=AF_INET | Passed | ',
    ],
  ],
  [
    'connect by UDP',
    call('connect', { ...resolved, args: [10], texts: [inet(53), peer(0, 53, 17)] }),
    ['Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_CONNECT fd=10 | Passed | '],
  ],
  [
    'connect to a unix socket',
    call('connect', { args: [10], texts: [unix] }),
    ['Network | sa_family=AF_UNIX sun_path=/run/a\\040b.sock | syscall=SYS_CONNECT fd=10 | Passed | caller'],
  ],
  [
    'bind',
    call('bind', { args: [4], texts: [inet(80)] }),
    ['Network | sa_family=AF_INET sin_port=80 sin_addr=10.0.0.10 | syscall=SYS_BIND fd=4 | Passed | caller'],
  ],
  [
    'bind of another family',
    call('bind', { args: [4], texts: [Buffer.from([16, 0, 0, 0])] }),
    ['Network | sa_family=AF_NETLINK | syscall=SYS_BIND fd=4 | Passed | caller'],
  ],
  ['listen', call('listen', { args: [4] }), ['Network |  | syscall=SYS_LISTEN fd=4 | Passed | ']],
  [
    'accept by TCP',
    call('accept', { ...resolved, result: 5, args: [4], texts: [peer(80, 40_000)] }),
    ['Network | remoteip=10.0.0.10 port=80 protocol=TCP | kprobe=tcp_accept domain=AF_INET | Passed | '],
  ],
  [
    'accept4 of a unix socket',
    call('accept4', { ...resolved, result: 5, args: [4], texts: [unix] }),
    ['Network | sa_family=AF_UNIX sun_path=/run/a\\040b.sock | syscall=SYS_ACCEPT4 fd=4 | Passed | '],
  ],
  [
    'sendto',
    call('sendto', { args: [4], texts: [inet(53)] }),
    [
      'Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_SENDTO fd=4 | Passed | caller',
    ],
  ],
  [
    'sendmsg',
    call('sendmsg', { args: [4], texts: [inet(53)] }),
    [
      'Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_SENDMSG fd=4 | Passed | caller',
    ],
  ],
  [
    'sendmmsg',
    call('sendmmsg', { args: [4], texts: [inet(53)] }),
    [
      'Network | sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10 | syscall=SYS_SENDMMSG fd=4 | Passed | caller',
    ],
  ],
  [
    'a question to a name server',
    encodeRecord({ ...SHELL, kind: KIND.dns, texts: [peer(0, 53, 17), question] }),
    [
      'Network | sa_family=AF_INET sin_port=53 | kfunc=UDP_SENDSKB domain=a.example daddr=10.0.0.10 qtype=AAAA | Passed | ',
    ],
  ],
  [
    'kill',
    call('kill', { args: [9, 15] }),
    ['Process | /usr/bin/bash | syscall=SYS_KILL signal=SIGTERM pid=9 | Passed | '],
  ],
  ['kill that asks', call('kill', { args: [9, 0] }), []],
  [
    'kill of a group',
    call('kill', { args: [-1, 9] }),
    ['Process |  | syscall=SYS_KILL signal=SIGKILL pid=-1 | Passed | '],
  ],
  [
    'ptrace',
    call('ptrace', { result: -1, args: [16, 9] }),
    [
      'Process | /usr/bin/bash | syscall=SYS_PTRACE request=PTRACE_ATTACH pid=9 process=/usr/bin/bash | Operation not permitted | ',
    ],
  ],
  ['setuid', call('setuid', { args: [33] }), ['Syscall |  | syscall=SYS_SETUID userid=33 | Passed | ']],
  ['setgid', call('setgid', { args: [33] }), ['Syscall |  | syscall=SYS_SETGID userid=33 | Passed | ']],
  [
    'mount',
    call('mount', { result: -1, args: [6], texts: ['none', 'x y', 'tmpfs', 'size=1'] }),
    [
      'Syscall |  | syscall=SYS_MOUNT source=none target=/srv/x\\040y filesystem=tmpfs mountflag=MS_NOSUID|MS_NODEV data=size=1 | Operation not permitted | caller',
    ],
  ],
  [
    'umount2',
    call('umount2', { args: [2], texts: ['/mnt'] }),
    ['Syscall |  | syscall=SYS_UMOUNT2 target=/mnt flag=MNT_DETACH | Passed | caller'],
  ],
  ['chdir', call('chdir', { flags: FLAG.internal, texts: ['/tmp'] }), []],
  [
    'a capability',
    encodeRecord({ ...SHELL, kind: KIND.capable, args: [13], result: -1 }),
    ['Capabilities | CAP_NET_RAW | lsm=CAPABLE CAP_NET_RAW | Operation not permitted | '],
  ],
  [
    'an open by io_uring',
    encodeRecord({ ...SHELL, kind: KIND.ioUring, flags: FLAG.noResult, args: [-100, 2, 0], texts: ['x'] }),
    ['File | /srv/x | io_uring=IORING_OP_OPENAT fd=-100 flags=O_RDWR | Passed | caller,unconfirmed'],
  ],
];

function line({ call: { Operation, Data, Result, Marks = '' }, Resource }: LogEvent): string {
  return [Operation, Resource, Data, Result, Marks].join(' | ');
}

describe('LogComposer', () => {
  for (const [name, record, expected] of cases) {
    it(`words ${name}`, () => {
      expect(setUp().play(record).map(line)).toEqual(expected);
    });
  }

  it('words every call there is', () => {
    const worded = new Set(cases.map(([name]) => name.split(' ')[0]));
    const others = ['lchown', 'renameat', 'tkill', 'tgkill', 'fchdir', 'setsid', 'write', 'writev'];
    const left = CALLS.map(({ name }) => name).filter((name) => !worded.has(name));
    expect(left.toSorted()).toEqual(others.toSorted());
  });

  it('says who it was, with the shell as the source', () => {
    const [log] = setUp().play(call('openat', { ...resolved, timeNs: 7_000n, result: 3, texts: ['/x'] }));
    expect(log).toMatchObject({ atUs: 5_000_000_007, workload });
    expect(log?.Source).toBeUndefined();
    expect(log?.process).toEqual({
      HostPPID: 1,
      HostPID: 100,
      PPID: 8,
      PID: 9,
      UID: 33,
      ParentProcessName: '/usr/bin/runc',
      ProcessName: '/usr/bin/bash',
      Source: '/usr/bin/bash -c x',
      Cwd: '/srv/',
      TTY: 'pts0',
      ExecEvent: { ExecID: '0', ExecutableName: 'bash' },
    });
  });

  it('tells an exec with the caller as the source', () => {
    const child = { ...SHELL, pid: 101, parent: 100, startNs: START + 1n };
    const [log] = setUp().play(
      encodeFork(child, { parentStartNs: START, innerPid: 10, innerParent: 9 }),
      encodeExec(child, { path: '/usr/bin/dash', argv: ['sh', './x.sh', 'a'], requested: './x.sh' }),
    );
    expect(log).toMatchObject({
      Resource: '/usr/bin/dash ./x.sh a',
      Source: '/usr/bin/bash',
      call: { Operation: 'Process', Data: 'syscall=SYS_EXECVE', Result: 'Passed' },
      process: {
        ProcessName: '/usr/bin/dash',
        ParentProcessName: '/usr/bin/bash',
        ExecEvent: { ExecutableName: 'x.sh' },
      },
    });
  });

  it('tells an exec by a descriptor', () => {
    const [log] = setUp().play(
      encodeExec({ ...SHELL, args: [1, 3, 0x1000] }, { path: '/usr/bin/true', argv: ['true'] }),
    );
    expect(log?.call.Data).toBe('syscall=SYS_EXECVEAT fd=3 flag=AT_EMPTY_PATH');
    expect(log?.Resource).toBe('/usr/bin/true');
  });

  it('keeps the objects of processes and calls until something of them changes', () => {
    const { play } = setUp();
    const open = (more: RecordFields = {}): Buffer => call('open', { ...resolved, texts: ['/x'], ...more });
    const [one, two, changed, moved] = play(
      open(),
      open({ texts: ['/y'] }),
      open({ uid: 0 }),
      call('chdir', { flags: FLAG.internal, texts: ['/tmp'] }),
      open({ uid: 0 }),
    );
    expect(two?.process).toBe(one?.process);
    expect(two?.call).toBe(one?.call);
    expect(changed?.process).toMatchObject({ UID: 0, Cwd: '/srv/' });
    expect(moved?.process).toMatchObject({ UID: 0, Cwd: '/tmp/' });
  });

  it('names users of the host only', () => {
    const { play } = setUp();
    const [guest] = play(call('setuid', { args: [0] }));
    const [host] = play(call('setuid', { args: [0], workload: 0, uid: 5 }));
    expect(guest?.process.UserName).toBeUndefined();
    expect(host?.process.UserName).toBe('user5');
  });

  it('counts what is of nobody', () => {
    const { play, composer } = setUp(false);
    expect(play(call('setuid', { args: [0] }))).toEqual([]);
    expect(composer.unknownWorkloads).toBe(1);
  });
});
