import type { ExecChain } from './exec-chain.js';
import { fnv1a } from './fnv.js';
import { ARGS_BYTES, FILENAME_BYTES, type PendingExec } from './layout.js';
import { namesHash } from './names-hash.js';

/** What the kernel will compare an exec with once it has carried it out. */
export function pendingExec(
  chain: ExecChain,
  pathInFileSystem: string,
  isVerified: boolean,
): Omit<PendingExec, 'exe'> {
  const whole = Buffer.from((chain.kernelArgv ?? []).map((argument) => `${argument}\0`).join(''), 'latin1');
  // Of more than is compared, the beginning: the kernel's copy must start alike and be no shorter.
  const args = whole.subarray(0, ARGS_BYTES);
  const isCompared = isVerified && chain.kernelArgv !== undefined;
  return {
    pathHash: namesHash(pathInFileSystem),
    argsHash: isCompared ? fnv1a(args) : 0n,
    filenameHash: isCompared && chain.fileName.startsWith('/') ? fnv1a(filenameBytes(chain.fileName)) : 0n,
    argsBytes: args.length,
    isVerified: isCompared,
  };
}

function filenameBytes(fileName: string): Buffer {
  return Buffer.from(fileName, 'latin1').subarray(0, FILENAME_BYTES);
}
