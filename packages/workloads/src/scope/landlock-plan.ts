import { LANDLOCK_FS } from '@kubearmor/kernel/launch';

/** Every right by which a file or directory changes; reading and executing are left to policies. */
export const WRITE_RIGHTS: number =
  LANDLOCK_FS.writeFile |
  LANDLOCK_FS.removeDir |
  LANDLOCK_FS.removeFile |
  LANDLOCK_FS.makeChar |
  LANDLOCK_FS.makeDir |
  LANDLOCK_FS.makeReg |
  LANDLOCK_FS.makeSock |
  LANDLOCK_FS.makeFifo |
  LANDLOCK_FS.makeBlock |
  LANDLOCK_FS.makeSym |
  LANDLOCK_FS.refer |
  LANDLOCK_FS.truncate;

const REFER_ABI = 2;
const TRUNCATE_ABI = 3;

/** What a kernel's Landlock cannot do of what `--confine` promises, each as a sentence for the user. */
export function landlockGaps(abi: number): readonly string[] {
  const gaps: string[] = [];
  if (abi < REFER_ABI)
    gaps.push('files cannot be moved or linked between directories, writable ones included');
  if (abi < TRUNCATE_ABI) gaps.push('files outside the writable directories can be truncated');
  return gaps.map((gap) => `confine: Landlock of this kernel (ABI ${abi}): ${gap}`);
}
