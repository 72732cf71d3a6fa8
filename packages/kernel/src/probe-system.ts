import { release } from 'node:os';
import { statSync } from 'node:fs';
import { canOpenFilesystem } from './mount-api.js';
import { BPFFS_PATH } from './bpffs.js';
import { libbpf, libbpfVersion } from './libbpf.js';
import { findMountAt, readMountinfo } from './mountinfo.js';
import { attempt, refuse } from './probe-attempt.js';
import type { Capability } from './probe-result.js';

const OLDEST = { major: 5, minor: 10 } as const;
const BTF_PATH = '/sys/kernel/btf/vmlinux';

/** Probes what all else builds on: privileges, the kernel's age, BTF, libbpf and its file system. */
export function probeSystem(): readonly Capability[] {
  return [
    attempt('root', 'Nothing can be enforced or observed.', () => {
      const uid = process.geteuid?.() ?? -1;
      return uid === 0 ? 'effective user 0' : refuse(`expected effective user 0, got ${uid}`);
    }),
    attempt('kernel-release', 'Untested: parts may fail to load.', () => checkRelease(release())),
    attempt(
      'btf',
      'BPF programs cannot be fitted to this kernel: no BPF-LSM, no monitor, no guard labels.',
      () => {
        return `${BTF_PATH}, ${statSync(BTF_PATH).size} bytes`;
      },
    ),
    attempt('libbpf', 'No BPF program can be loaded.', () => {
      libbpf();
      const version = libbpfVersion();
      return `libbpf ${version.major}.${version.minor}`;
    }),
    attempt('bpffs', 'Programs cannot be pinned: enforcement ends with the agent.', checkBpffs),
  ];
}

function checkRelease(text: string): string {
  const [major = 0, minor = 0] = text.split('.').map((part) => Number.parseInt(part, 10));
  const isNewEnough = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
  return isNewEnough ? text : refuse(`expected ${OLDEST.major}.${OLDEST.minor} or later, got ${text}`);
}

function checkBpffs(): string {
  if (findMountAt(readMountinfo(), BPFFS_PATH)?.fsType === 'bpf') return `mounted at ${BPFFS_PATH}`;
  return canOpenFilesystem('bpf')
    ? 'not mounted, can be'
    : refuse('expected the bpf file system, the kernel refused it');
}
