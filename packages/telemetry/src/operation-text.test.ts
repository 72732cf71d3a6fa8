import { describe, expect, it } from 'vitest';
import { openFlagsText } from './open-flags.js';
import { operationText, type NetworkObject, type OperationFacts, type Trace } from './operation-text.js';
import { ipProtocolName, socketFamilyName, socketTypeName } from './socket-names.js';

const execve: Trace = { kind: 'syscall', name: 'execve' };

function file(trace: Trace): OperationFacts {
  return { kind: 'file', path: '/sbin/raw', trace };
}

function network(object: NetworkObject, trace: Trace): OperationFacts {
  return { kind: 'network', object, trace };
}

const cases: readonly (readonly [string, OperationFacts, string, string])[] = [
  [
    'exec',
    { kind: 'process', path: '/bin/sh', args: ['-ec', 'vault status'], trace: execve },
    '/bin/sh -ec vault status',
    'syscall=SYS_EXECVE',
  ],
  [
    'exec without arguments',
    { kind: 'process', path: '/bin/sh', args: [], trace: execve },
    '/bin/sh',
    'syscall=SYS_EXECVE',
  ],
  [
    'execveat',
    {
      kind: 'process',
      path: '/x',
      args: [],
      trace: { kind: 'syscall', name: 'execveat', fd: 3, atFlags: 0x1100 },
    },
    '/x',
    'syscall=SYS_EXECVEAT fd=3 flag=AT_EMPTY_PATH|AT_SYMLINK_NOFOLLOW',
  ],
  [
    'execveat without flags',
    {
      kind: 'process',
      path: '/x',
      args: [],
      trace: { kind: 'syscall', name: 'execveat', fd: 3, atFlags: 0 },
    },
    '/x',
    'syscall=SYS_EXECVEAT fd=3 flag=0',
  ],
  [
    'exec by hook',
    { kind: 'process', path: '/x', args: [], trace: { kind: 'lsm', hook: 'SECURITY_BPRM_CHECK' } },
    '/x',
    'lsm=SECURITY_BPRM_CHECK',
  ],
  [
    'openat',
    file({ kind: 'syscall', name: 'openat', fd: -100, openFlags: 0o2000000 }),
    '/sbin/raw',
    'syscall=SYS_OPENAT fd=-100 flags=O_RDONLY|O_CLOEXEC',
  ],
  [
    'rmdir by unlinkat',
    file({ kind: 'syscall', name: 'unlinkat', atFlags: 0x200 }),
    '/sbin/raw',
    'syscall=SYS_UNLINKAT flags=AT_REMOVEDIR',
  ],
  [
    'unlinkat',
    file({ kind: 'syscall', name: 'unlinkat', atFlags: 0 }),
    '/sbin/raw',
    'syscall=SYS_UNLINKAT flags=',
  ],
  [
    'fchownat',
    file({ kind: 'syscall', name: 'fchownat', userId: 1, groupId: 2, mode: 0 }),
    '/sbin/raw',
    'syscall=SYS_FCHOWNAT userid=1 group=2 mode=0',
  ],
  ['open by hook', file({ kind: 'lsm', hook: 'FILE_OPEN' }), '/sbin/raw', 'lsm=FILE_OPEN'],
  [
    'socket',
    network(
      { kind: 'socket', family: 2, type: 1 | 0o2004000, protocol: 0 },
      { kind: 'syscall', name: 'socket' },
    ),
    'domain=AF_INET type=SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC protocol=HOPOPT',
    'syscall=SYS_SOCKET',
  ],
  [
    'socket by hook',
    network({ kind: 'socket', family: 10, type: 3, protocol: 58 }, { kind: 'lsm', hook: 'SOCKET_CREATE' }),
    'domain=AF_INET6 type=SOCK_RAW protocol=IPv6-ICMP',
    'lsm=SOCKET_CREATE domain=AF_INET6 type=SOCK_RAW protocol=IPv6-ICMP',
  ],
  [
    'connect',
    network(
      { kind: 'inet', family: 10, address: '::1', port: 443 },
      { kind: 'syscall', name: 'connect', fd: 10 },
    ),
    'sa_family=AF_INET6 sin_port=443 sin_addr=::1',
    'syscall=SYS_CONNECT fd=10',
  ],
  [
    'connect to a path',
    network({ kind: 'unix', path: '/run/a b\n\\c' }, { kind: 'syscall', name: 'connect', fd: 4 }),
    'sa_family=AF_UNIX sun_path=/run/a\\040b\\012\\134c',
    'syscall=SYS_CONNECT fd=4',
  ],
  [
    'listen',
    network({ kind: 'none' }, { kind: 'syscall', name: 'listen', fd: 4 }),
    '',
    'syscall=SYS_LISTEN fd=4',
  ],
  [
    'listen by hook',
    network({ kind: 'none' }, { kind: 'lsm', hook: 'SOCKET_LISTEN' }),
    '',
    'lsm=SOCKET_LISTEN',
  ],
  [
    'capability',
    { kind: 'capabilities', capability: 'CAP_NET_RAW', trace: { kind: 'lsm', hook: 'CAPABLE' } },
    'CAP_NET_RAW',
    'lsm=CAPABLE CAP_NET_RAW',
  ],
];

describe('operationText', () => {
  for (const [name, facts, Resource, Data] of cases) {
    it(`words ${name}`, () => {
      expect(operationText(facts)).toMatchObject({ Resource, Data });
    });
  }

  it('makes text of a path that is none', () => {
    expect(operationText({ kind: 'file', path: '/\ud800', trace: execve }).Resource).toBe('/\ufffd');
  });
});

describe('openFlagsText', () => {
  for (const [flags, text] of [
    [0, 'O_RDONLY'],
    [0o1101, 'O_WRONLY|O_CREAT|O_TRUNC'],
    [0o2 | 0o2000 | 0o4000, 'O_RDWR|O_APPEND|O_NONBLOCK'],
    [0o10000, 'O_RDONLY'],
    [0o4010000, 'O_RDONLY|O_SYNC'],
    [0o20200002, 'O_RDWR|O_DIRECTORY|O_TMPFILE'],
  ] as const) {
    it(`spells 0${flags.toString(8)}`, () => {
      expect(openFlagsText(flags)).toBe(text);
    });
  }
});

describe('names of sockets', () => {
  it('knows families', () => {
    const names = [0, 1, 2, 10, 16, 17, 38, 40, 45, 46].map(socketFamilyName);
    expect(names.join(' ')).toBe(
      'AF_UNSPEC AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_ALG AF_VSOCK AF_MCTP 46',
    );
  });

  it('knows types', () => {
    expect([2, 5, 10, 7].map(socketTypeName)).toEqual(['SOCK_DGRAM', 'SOCK_SEQPACKET', 'SOCK_PACKET', '7']);
  });

  it('knows protocols', () => {
    const names = [1, 6, 17, 33, 41, 47, 58, 61, 89, 99, 108, 114, 115, 132, 136, 143, 145, 146].map(
      ipProtocolName,
    );
    expect(names.join(' ')).toBe(
      'ICMP TCP UDP DCCP IPv6 GRE IPv6-ICMP 61 OSPF 99 IPComp 114 L2TP SCTP UDPLite Ethernet NSH 146',
    );
  });
});
