import { libc, orNegativeErrno } from './libc.js';
import { readTextAt } from './read-file.js';

// Above 423 all architectures share one table of numbers.
const SYS_LSM_LIST_MODULES = 461;

const LSM_NAMES: ReadonlyMap<number, string> = new Map([
  [100, 'capability'],
  [101, 'selinux'],
  [102, 'smack'],
  [103, 'tomoyo'],
  [104, 'apparmor'],
  [105, 'yama'],
  [106, 'loadpin'],
  [107, 'safesetid'],
  [108, 'lockdown'],
  [109, 'bpf'],
  [110, 'landlock'],
  [111, 'ima'],
  [112, 'evm'],
  [113, 'ipe'],
]);

/** The security modules in force, in their order: from securityfs, else from lsm_list_modules(2) (6.8); undefined when neither tells. */
export function readLsmList(path = '/sys/kernel/security/lsm'): readonly string[] | undefined {
  const text = readTextAt(path)?.trim();
  return text === undefined || text === '' ? listModules() : text.split(',');
}

function listModules(): readonly string[] | undefined {
  const ids = new BigUint64Array(64);
  const size = new Uint32Array([ids.byteLength]);
  const number = SYS_LSM_LIST_MODULES;
  const bytes = new Uint8Array(ids.buffer);
  const count = orNegativeErrno(libc().syscallBuffers(number, bytes, new Uint8Array(size.buffer), 0));
  if (count < 0) return undefined;
  return [...ids.subarray(0, count)].map((id) => LSM_NAMES.get(Number(id)) ?? `lsm-${id}`);
}
