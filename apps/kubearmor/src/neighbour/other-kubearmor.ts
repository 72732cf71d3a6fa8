import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UNIT_MARK } from '../install/unit-file.js';

/** Where traces of another KubeArmor are looked for. */
export interface OtherKubearmorOptions {
  /** Where the BPF file system is. By default /sys/fs/bpf. */
  readonly bpfFsPath?: string;
  /** A directory in place of the machine's root. By default /. */
  readonly root?: string;
  /** Where processes are. By default `proc` below the root. */
  readonly proc?: string;
}

const BINARY = '/opt/kubearmor/kubearmor';
const UNITS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'] as const;

/**
 * What of this machine belongs to a KubeArmor that is not this one, such as the original: two that enforce answer for each
 * other's refusals, and the original deletes pins and takes the gRPC port. Empty when there is none.
 */
export function findOtherKubearmor(options: OtherKubearmorOptions = {}): readonly string[] {
  const { bpfFsPath = '/sys/fs/bpf', root = '/', proc = join(root, 'proc') } = options;
  return [
    ...processes(proc),
    ...pins(join(root, bpfFsPath)),
    ...units(root),
    ...(isProgram(join(root, BINARY)) ? [`program ${BINARY}`] : []),
  ];
}

// Ours run as node; the original is a program of that name.
function processes(proc: string): readonly string[] {
  return list(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const exe = read(() => readlinkSync(join(proc, pid, 'exe')));
      const name = basename((exe ?? '').replace(/ \(deleted\)$/, ''));
      return name === 'kubearmor' ? [`process ${pid} (${exe ?? ''})`] : [];
    });
}

// It pins maps right in the file system; our directory there is called kubearmor, without more.
function pins(bpffs: string): readonly string[] {
  return list(bpffs)
    .filter((name) => name.startsWith('kubearmor_'))
    .map((name) => `pinned map ${join(bpffs, name)}`);
}

function units(root: string): readonly string[] {
  const found = UNITS.map((directory) => join(root, directory, 'kubearmor.service')).filter((path) => {
    const text = read(() => readFileSync(path, 'utf8'));
    return text !== undefined && !text.startsWith(UNIT_MARK);
  });
  // /lib is a link to /usr/lib on most machines.
  const [first] = found;
  return first === undefined ? [] : [`systemd unit ${first}`];
}

function isProgram(path: string): boolean {
  const head = read(() => readFileSync(path).subarray(0, 4));
  return head?.equals(Buffer.from('\x7fELF')) === true;
}

function list(directory: string): readonly string[] {
  return read(() => readdirSync(directory)) ?? [];
}

// What is gone or not there is not another KubeArmor's.
function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
