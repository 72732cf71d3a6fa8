// node tools/vm/main.ts [options] -- COMMAND: boots a Debian kernel in QEMU and runs a command in it, as root, on the machine's
// own root (README.md). Its status is ours; 125 says that the guest died.
import { VmError } from './errors.ts';
import { preparedKernel } from './kernel/prepared-kernel.ts';
import { readOptions } from './read-options.ts';
import { whyNoVm } from './requirements.ts';
import { runGuest } from './run-guest.ts';

const DEAD = 125;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof VmError)) throw error;
  tell(error.message);
  return error.code === 'VM_USAGE' ? 2 : DEAD;
});

async function main(args: readonly string[]): Promise<number> {
  const { version, job } = readOptions(args);
  const why = whyNoVm();
  if (why !== undefined) throw new VmError('VM_UNAVAILABLE', why);
  const end = await runGuest(preparedKernel(version, tell), job);
  if (end.kind === 'done') return end.status;
  tell(`the guest died: ${end.reason}; the end of its console:\n${end.console}`);
  return DEAD;
}

function tell(text: string): void {
  process.stderr.write(`vm: ${text}\n`);
}
