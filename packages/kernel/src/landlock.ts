import { hostArchitecture } from './architecture.js';
import { KernelError } from './errors.js';
import { close, open } from './file-descriptor.js';
import { check, libc } from './libc.js';
import { openFlags } from './open-flags.js';
import { setNoNewPrivs } from './prctl.js';
import { type SyscallName, syscallNumber } from './syscalls.js';

/** Rights on files, one bit each. */
export const LANDLOCK_FS = {
  execute: 0x1,
  writeFile: 0x2,
  readFile: 0x4,
  readDir: 0x8,
  removeDir: 0x10,
  removeFile: 0x20,
  makeChar: 0x40,
  makeDir: 0x80,
  makeReg: 0x100,
  makeSock: 0x200,
  makeFifo: 0x400,
  makeBlock: 0x800,
  makeSym: 0x1000,
  refer: 0x2000,
  truncate: 0x4000,
  ioctlDev: 0x8000,
} as const;

/** Rights on TCP ports. */
export const LANDLOCK_NET = { bindTcp: 0x1, connectTcp: 0x2 } as const;

/** What a thread can be cut off from outside its domain. */
export const LANDLOCK_SCOPE = { abstractUnixSocket: 0x1, signal: 0x2 } as const;

/** What a ruleset denies unless a rule allows it. */
export interface LandlockOptions {
  /** Bits of {@link LANDLOCK_FS}. By default 0. */
  readonly fs?: number;
  /** Bits of {@link LANDLOCK_NET}. By default 0. */
  readonly net?: number;
  /** Bits of {@link LANDLOCK_SCOPE}. By default 0. */
  readonly scope?: number;
}

const VERSION_FLAG = 1;
const RULE_PATH_BENEATH = 1;
const RULE_NET_PORT = 2;
const FS_BITS_BY_ABI = [0, 13, 14, 15, 15, 16] as const;
const FILE_RIGHTS =
  LANDLOCK_FS.execute |
  LANDLOCK_FS.writeFile |
  LANDLOCK_FS.readFile |
  LANDLOCK_FS.truncate |
  LANDLOCK_FS.ioctlDev;

/** The version of Landlock that the kernel has; 0 when it has none or it is switched off. */
export function landlockAbi(): number {
  return Math.max(0, libc().syscallBufferFirst(nr('landlock_create_ruleset'), null, 0, VERSION_FLAG));
}

/** What a version of Landlock can control: options reduced to it. */
export function supportedLandlock(abi: number, options: LandlockOptions): Required<LandlockOptions> {
  const fsBits = FS_BITS_BY_ABI[Math.min(abi, FS_BITS_BY_ABI.length - 1)] ?? 0;
  return {
    fs: (options.fs ?? 0) & ((1 << fsBits) - 1),
    net: abi >= 4 ? (options.net ?? 0) : 0,
    scope: abi >= 6 ? (options.scope ?? 0) : 0,
  };
}

/** A set of Landlock rules under construction. What the kernel's version cannot control is silently left out: compare {@link handled}. */
export class LandlockRuleset {
  readonly fd: number;
  /** What is really controlled. */
  readonly handled: Required<LandlockOptions>;

  private constructor(fd: number, handled: Required<LandlockOptions>) {
    this.fd = fd;
    this.handled = handled;
  }

  /** Creates a ruleset. */
  static create(options: LandlockOptions): LandlockRuleset {
    const abi = landlockAbi();
    const handled = supportedLandlock(abi, options);
    const attributes = new BigUint64Array([BigInt(handled.fs), BigInt(handled.net), BigInt(handled.scope)]);
    // An older kernel refuses the fields that it does not know, even when zero is fine; so tell it less.
    const size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    const bytes = new Uint8Array(attributes.buffer);
    const fd = libc().syscallBufferFirst(nr('landlock_create_ruleset'), bytes, size, 0);
    return new LandlockRuleset(check(fd, 'landlock_create_ruleset', `abi ${abi}`), handled);
  }

  /** Allows rights on a file, or on a directory and everything below it. Rights that make no sense for a file are left out there. */
  allowPath(path: string, rights: number): void {
    const pathFd = open(path, openFlags().O_PATH | openFlags().O_CLOEXEC);
    if (pathFd < 0) throw KernelError.fromErrno(pathFd, 'open', path);
    try {
      if (this.#addPath(pathFd, rights & this.handled.fs) === 0) return;
      const result = this.#addPath(pathFd, rights & this.handled.fs & FILE_RIGHTS);
      check(result, 'landlock_add_rule', path);
    } finally {
      close(pathFd);
    }
  }

  /** Allows rights on a TCP port. */
  allowPort(port: number, rights: number): void {
    const rule = new BigUint64Array([BigInt(rights & this.handled.net), BigInt(port)]);
    const bytes = new Uint8Array(rule.buffer);
    const result = libc().syscallBufferThird(nr('landlock_add_rule'), this.fd, RULE_NET_PORT, bytes, 0);
    check(result, 'landlock_add_rule', `port ${port}`);
  }

  /** Puts the calling thread, and all it starts, under the rules for good. Sets no_new_privs unless told not to. */
  restrictSelf(noNewPrivs = true): void {
    if (noNewPrivs) setNoNewPrivs();
    const result = libc().syscall(nr('landlock_restrict_self'), this.fd, 0, 0, 0, 0, 0);
    check(result, 'landlock_restrict_self', `ruleset ${this.fd}`);
  }

  /** Closes the ruleset; threads under it stay under it. */
  close(): void {
    close(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #addPath(pathFd: number, rights: number): number {
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(BigInt(rights), 0);
    rule.writeInt32LE(pathFd, 8);
    return libc().syscallBufferThird(nr('landlock_add_rule'), this.fd, RULE_PATH_BENEATH, rule, 0);
  }
}

function nr(name: SyscallName): number {
  return syscallNumber(name, hostArchitecture());
}
