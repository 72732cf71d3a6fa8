import type { ExecChain } from './exec-chain.js';
import type { ExecHash } from '../labels/exec-hash.js';
import { ARGS_BYTES, type PendingExec } from '../layout.js';

/** What the kernel will compare an exec with once it has carried it out. */
export function pendingExec(
  hash: ExecHash,
  chain: ExecChain,
  pathInFileSystem: string,
  isVerified: boolean,
): Omit<PendingExec, 'exe'> {
  const block = Buffer.from((chain.kernelArgv ?? []).map((argument) => `${argument}\0`).join(''), 'latin1');
  // Of more than was judged, the beginning: the kernel's copy must start alike and be no shorter.
  const args = chain.hasAllArguments ? block : block.subarray(0, ARGS_BYTES);
  const isCompared = isVerified && chain.kernelArgv !== undefined;
  return {
    pathHash: hash.path(pathInFileSystem),
    argsHash: isCompared ? hash.arguments(args) : 0n,
    filenameHash: isCompared ? hash.fileName(chain.kernelName) : 0n,
    argsBytes: args.length,
    verify: !isCompared ? 'none' : chain.hasAllArguments ? 'whole' : 'beginning',
  };
}
