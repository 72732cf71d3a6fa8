import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfMap } from './bpf-map.js';
import { createBpfLink, loadTinyProgram, openRawTracepoint } from './bpf-syscall.js';
import { decodeBtf } from './btf.js';
import { unifiedRoot } from './cgroup.js';
import { close, open } from './file-descriptor.js';
import { readLsmList } from './lsm-list.js';
import { openFlags } from './open-flags.js';
import { pageSize } from './mmap.js';
import { attempt, fdOrRefuse, refuse } from './probe-attempt.js';
import type { Capability } from './probe-result.js';

const PROG_TYPE_RAW_TRACEPOINT = 17;
const PROG_TYPE_CGROUP_SOCK_ADDR = 18;
const PROG_TYPE_LSM = 29;
const ATTACH_INET4_CONNECT = 10;
const ATTACH_LSM_MAC = 27;
// A hook that the tiny program leaves as it is (0 allows) and that is called rarely.
const LSM_HOOK = 'bpf_lsm_sb_statfs';

/** Probes what BPF programs this kernel takes, by attaching ones that do nothing. */
export function probeBpf(): readonly Capability[] {
  return [
    attempt('ring-buffer', 'No events: alerts and logs cannot leave the kernel.', checkRingBuffer),
    attempt(
      'raw-tracepoint',
      'The guard cannot label processes and the fallback monitor does not work.',
      () => {
        attachAndClose({ type: PROG_TYPE_RAW_TRACEPOINT, returns: 0 }, (program) =>
          fdOrRefuse(openRawTracepoint(program, 'sys_enter'), 'bpf', 'attach to raw tracepoint sys_enter'),
        );
        return 'a program was attached to sys_enter';
      },
    ),
    attempt('cgroup-bpf', 'Network rules cannot be enforced without BPF-LSM.', checkCgroupBpf),
    attempt('bpf-lsm', 'The BPF-LSM enforcer is not available on this node.', checkLsm),
  ];
}

function checkRingBuffer(): string {
  const maxEntries = pageSize();
  const map = BpfMap.create({ type: 'ring-buffer', keySize: 0, valueSize: 0, maxEntries });
  map.close();
  return 'a ring was created';
}

function checkCgroupBpf(): string {
  const path = join(unifiedRoot(), `kubearmor-probe-${process.pid}`);
  mkdirSync(path);
  try {
    const directory = fdOrRefuse(open(path, openFlags().O_DIRECTORY | openFlags().O_CLOEXEC), 'open', path);
    try {
      const program = {
        type: PROG_TYPE_CGROUP_SOCK_ADDR,
        returns: 1,
        expectedAttachType: ATTACH_INET4_CONNECT,
      };
      attachAndClose(program, (fd) =>
        fdOrRefuse(createBpfLink(fd, directory, ATTACH_INET4_CONNECT), 'bpf', 'attach to a scratch cgroup'),
      );
    } finally {
      close(directory);
    }
  } finally {
    rmdirSync(path);
  }
  return 'a program was attached to a scratch cgroup';
}

// Loading and attaching can succeed while "bpf" is not among the modules in force; then nothing is ever called.
function checkLsm(): string {
  const list = readLsmList();
  if (list !== undefined && !list.includes('bpf')) {
    refuse(`expected bpf among the security modules, got ${list.join(',')}`);
  }
  const id = decodeBtf(readFileSync('/sys/kernel/btf/vmlinux')).findFunctionId(LSM_HOOK);
  if (id === undefined) refuse(`expected ${LSM_HOOK} in the kernel's BTF: CONFIG_BPF_LSM is off`);
  const program = { type: PROG_TYPE_LSM, returns: 0, expectedAttachType: ATTACH_LSM_MAC, attachBtfId: id };
  attachAndClose(program, (fd) => fdOrRefuse(openRawTracepoint(fd), 'bpf', `attach to ${LSM_HOOK}`));
  return list === undefined ? 'a program was attached; the list of modules is not readable' : list.join(',');
}

function attachAndClose(
  program: Parameters<typeof loadTinyProgram>[0],
  attach: (programFd: number) => number,
): void {
  const fd = fdOrRefuse(loadTinyProgram(program), 'bpf', `load a program of type ${program.type}`);
  try {
    close(attach(fd));
  } finally {
    close(fd);
  }
}
