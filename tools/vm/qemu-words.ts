import { join } from 'node:path';
import type { GuestJob } from './guest-job.ts';
import type { PreparedKernel } from './kernel/prepared-kernel.ts';
import { places } from './places.ts';

/** Files of a run beside the share. */
export interface GuestFiles {
  readonly initrd: string;
  readonly console: string;
  readonly share: string;
}

/**
 * The command line of QEMU. It always translates instructions in software: a /dev/kvm that opens does not mean that it can run
 * a kernel that knows nothing of the machine below, and where it cannot the guest hangs.
 */
export function qemuWords(kernel: PreparedKernel, job: GuestJob, files: GuestFiles): readonly string[] {
  return [
    'qemu-system-x86_64',
    ...['-M', 'q35', '-cpu', 'max,la57=off', '-m', String(job.memoryMb)],
    ...processorWords(job),
    // Without -nodefaults the firmware writes to the console.
    ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${files.console}`],
    ...[
      '-kernel',
      join(kernel.directory, 'vmlinux'),
      '-initrd',
      files.initrd,
      '-append',
      kernelLine(kernel, job),
    ],
    ...shareWords('root', '/', ',readonly=on'),
    ...shareWords('share', files.share, ''),
    ...['-device', 'virtio-serial-pci', '-chardev', 'stdio,id=output,signal=off'],
    ...['-device', 'virtserialport,chardev=output,name=output'],
  ];
}

function processorWords({ cpus, clock }: GuestJob): readonly string[] {
  if (clock === 'real') return ['-smp', String(cpus), '-accel', 'tcg,thread=multi'];
  // A nanosecond for each instruction.
  const sleep = clock === 'work' ? 'on' : 'off';
  return ['-smp', '1', '-accel', 'tcg,thread=single', '-icount', `shift=0,sleep=${sleep}`];
}

function shareWords(tag: string, path: string, more: string): readonly string[] {
  const device = `local,id=${tag},path=${path.replaceAll(',', ',,')},security_model=none,multidevs=remap${more}`;
  return ['-fsdev', device, '-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`];
}

function kernelLine({ directory }: PreparedKernel, { init, lsm, append }: GuestJob): string {
  const words = [
    // A kernel that panics or oopses ends, and the run with it.
    'console=ttyS0 loglevel=4 panic=-1 oops=panic',
    `lsm=${lsm}`,
    `vm.project=${places.root} vm.kernel=${directory} vm.init=${init}`,
    append,
  ];
  return words.join(' ').trim();
}
