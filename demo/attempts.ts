/** One thing a workload tries, and what must come of it. */
export interface Attempt {
  readonly what: string;
  readonly scope: 'web' | 'alpine' | 'vault';
  /** A shell command inside the scope; PORT is a listener on the machine's loopback. */
  readonly command: string;
  /** The shell that runs it. By default `sh`. */
  readonly shell?: 'bash';
  readonly expected: 'refused' | 'allowed';
  /** The end of the alert's Rule; without one no alert may come. */
  readonly rule?: string;
}

const perl = (code: string): string => `perl -MSocket -e '${code}'`;
const socket = (kind: string, protocol: number): string =>
  `exec ${perl(`socket(S, PF_INET, ${kind}, ${protocol}) or die "socket: $!\\n"`)}`;
const loader = '$(ls /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 2>/dev/null | head -n1)';

/** What `make demo` tries. */
export const attempts: readonly Attempt[] = [
  { what: 'exec of an ordinary program', scope: 'web', command: 'uname', expected: 'allowed' },
  {
    what: 'exec by path',
    scope: 'web',
    command: '/usr/bin/sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec by the name before merged /usr',
    scope: 'web',
    command: '/bin/sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec by a symbolic link of its own',
    scope: 'web',
    command: 'ln -s /usr/bin/sleep /tmp/nap && /tmp/nap 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec via env',
    scope: 'web',
    command: 'env sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec by the ELF loader',
    scope: 'web',
    command: `${loader} /usr/bin/sleep 0`,
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec through /proc/self/root',
    scope: 'web',
    command: '/proc/self/root/usr/bin/sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec in a mount namespace of its own',
    scope: 'web',
    command: 'unshare -Urm sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec in nested namespaces',
    scope: 'web',
    command: 'unshare -Urm unshare -Urmpf sleep 0',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[0]',
  },
  {
    what: 'exec of a copy under a blocked name',
    scope: 'web',
    command: 'cp /usr/bin/uname /tmp/id && /tmp/id',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[2]',
  },
  {
    what: 'exec by a pattern',
    scope: 'web',
    command: 'whoami',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPatterns[0]',
  },
  {
    what: 'exec from a source that may not',
    scope: 'web',
    command: 'perl -e 1',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[1]',
  },
  {
    what: 'a script whose interpreter may not',
    scope: 'web',
    command: 'printf "#!/usr/bin/perl\\n" >/tmp/s && chmod +x /tmp/s && /tmp/s',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[1]',
  },
  {
    what: 'exec from that source, through env',
    scope: 'web',
    command: 'env perl -e 1',
    expected: 'refused',
    rule: 'web-no-tools#process.matchPaths[1]',
  },
  {
    what: 'exec from another source',
    scope: 'web',
    shell: 'bash',
    command: 'exec perl -e 1',
    expected: 'allowed',
  },
  {
    what: 'a busybox applet that is blocked',
    scope: 'alpine',
    command: '/bin/wget --help',
    expected: 'refused',
    rule: 'alpine-no-download#process.matchPaths[0]',
  },
  {
    what: 'the same applet through busybox',
    scope: 'alpine',
    command: 'busybox wget --help',
    expected: 'refused',
    rule: 'alpine-no-download#process.matchPaths[0]',
  },
  { what: 'another applet of the same file', scope: 'alpine', command: '/bin/uname', expected: 'allowed' },
  {
    what: 'a program on an allow list',
    scope: 'vault',
    command: '/bin/cat /etc/hostname',
    expected: 'allowed',
  },
  {
    what: 'a program that is not on it',
    scope: 'vault',
    command: '/bin/uname',
    expected: 'refused',
    rule: 'posture:file',
  },
  {
    what: 'reading a secret',
    scope: 'web',
    command: 'cat /etc/shadow',
    expected: 'refused',
    rule: 'web-files#file.matchPaths[0]',
  },
  {
    what: 'reading it through a bind mount',
    scope: 'web',
    command: 'unshare -Urm sh -c "mount --bind /etc /mnt && cat /mnt/shadow"',
    expected: 'refused',
    rule: 'web-files#file.matchPaths[0]',
  },
  {
    what: 'reading below a directory',
    scope: 'web',
    command: 'cat /etc/ssl/openssl.cnf',
    expected: 'refused',
    rule: 'web-files#file.matchDirectories[0]',
  },
  { what: 'reading what is read-only', scope: 'web', command: 'cat /etc/hosts', expected: 'allowed' },
  {
    what: 'writing what is read-only',
    scope: 'web',
    command: 'echo x 1<>/etc/hosts',
    expected: 'refused',
    rule: 'web-files#file.matchPaths[1]',
  },
  {
    what: 'appending to it',
    scope: 'web',
    command: 'echo x >>/etc/hosts',
    expected: 'refused',
    rule: 'web-files#file.matchPaths[1]',
  },
  {
    what: 'truncating it',
    scope: 'web',
    command: ': >/etc/hosts',
    expected: 'refused',
    rule: 'web-files#file.matchPaths[1]',
  },
  {
    what: 'creating a file in a read-only directory',
    scope: 'web',
    command: ': >/srv/new',
    expected: 'refused',
    rule: 'web-files#file.matchDirectories[1]',
  },
  {
    what: 'reading a file that is watched',
    scope: 'web',
    command: 'cat /etc/passwd',
    expected: 'allowed',
    rule: 'web-watch#file.matchPaths[0]',
  },
  {
    what: 'connecting by TCP',
    scope: 'web',
    shell: 'bash',
    command: 'exec 3<>/dev/tcp/127.0.0.1/$PORT',
    expected: 'allowed',
  },
  {
    what: 'TCP from a program that may not',
    scope: 'web',
    shell: 'bash',
    command: socket('SOCK_STREAM', 6),
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[3]',
  },
  {
    what: 'a UDP socket',
    scope: 'web',
    shell: 'bash',
    command: socket('SOCK_DGRAM', 17),
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[0]',
  },
  {
    what: 'sending by UDP',
    scope: 'web',
    shell: 'bash',
    command: 'echo x >/dev/udp/127.0.0.1/$PORT',
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[0]',
  },
  {
    what: 'an ICMP socket',
    scope: 'web',
    shell: 'bash',
    command: socket('SOCK_RAW', 1),
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[1]',
  },
  {
    what: 'a raw socket',
    scope: 'web',
    shell: 'bash',
    command: socket('SOCK_RAW', 255),
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[2]',
  },
  {
    what: 'UDP after unshare of the network',
    scope: 'web',
    shell: 'bash',
    command: `unshare -Urn bash -c ${quote(socket('SOCK_DGRAM', 17))}`,
    expected: 'refused',
    rule: 'web-network#network.matchProtocols[0]',
  },
];

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
