import { hostArchitecture } from './architecture.js';
import { close } from './file-descriptor.js';
import { check, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP_RUNNING = 0x41;
const IFREQ_BYTES = 40;
const IFREQ_FLAGS_OFFSET = 16;

/** Brings up `lo` in the calling thread's network namespace: a new one has it down. */
export function bringUpLoopback(): void {
  const architecture = hostArchitecture();
  const socketNumber = syscallNumber('socket', architecture);
  const fd = check(
    libc().syscall(socketNumber, AF_INET, SOCK_DGRAM_CLOEXEC, 0, 0, 0, 0),
    'socket',
    'AF_INET',
  );
  const request = Buffer.alloc(IFREQ_BYTES);
  request.write('lo', 'latin1');
  request.writeInt16LE(IFF_UP_RUNNING, IFREQ_FLAGS_OFFSET);
  const ioctl = syscallNumber('ioctl', architecture);
  const result = libc().syscallBufferThird(ioctl, fd, SIOCSIFFLAGS, request, 0);
  try {
    check(result, 'ioctl', 'SIOCSIFFLAGS lo');
  } finally {
    close(fd);
  }
}
