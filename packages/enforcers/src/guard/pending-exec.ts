import type { ExecChain } from './exec-chain.js';
import { fnv1a } from './fnv.js';
import { FILENAME_BYTES, type PendingExec } from './layout.js';
import { namesHash } from './names-hash.js';

/** What the kernel will compare an exec with once it has carried it out. */
export function pendingExec(
  chain: ExecChain,
  pathInFileSystem: string,
  isVerified: boolean,
): Omit<PendingExec, 'exe'> {
  const args = Buffer.from((chain.kernelArgv ?? []).map((argument) => `${argument}\0`).join(''), 'latin1');
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
