import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sendUnixDatagram } from './unix-datagram.js';

// Node has no such sockets, and perl is on every Debian.
const RECEIVER = `
use Socket;
my $name = $ARGV[0];
$name =~ s/^\\@/\\0/;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($socket, pack_sockaddr_un($name)) or die $!;
$| = 1;
print "bound\\n";
recv($socket, my $message, 100, 0);
print "$message\\n";
`;

async function receive(name: string): Promise<string> {
  const receiver = spawn('perl', ['-e', RECEIVER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(receiver.stdout, 'data'), once(receiver, 'exit')]);
  const [came] = await Promise.all([
    once(receiver.stdout, 'data').then(([data]: unknown[]) => String(data)),
    Promise.resolve().then(() => {
      sendUnixDatagram(name, Buffer.from('READY=1'));
    }),
  ]);
  return came.trim();
}

describe('sendUnixDatagram', () => {
  it('sends to a path and to an abstract name', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubearmor-datagram-'));
    try {
      expect(await receive(join(directory, 's'))).toBe('READY=1');
      expect(await receive(`@kubearmor-test-${process.pid}`)).toBe('READY=1');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('says when nobody is there, or when the name is too long', () => {
    expect(() => {
      sendUnixDatagram('/nonexistent/socket', Buffer.from('x'));
    }).toThrow(/connect/);
    expect(() => {
      sendUnixDatagram(`/${'a'.repeat(200)}`, Buffer.from('x'));
    }).toThrow('expected at most 107 bytes');
  });
});
