import { command } from '../command.ts';
import { VmError } from '../errors.ts';

const ELF = Buffer.from('\x7fELF', 'latin1');
const XZ = Buffer.from('\xfd7zXZ\0', 'latin1');
const ZSTD = Buffer.from('\x28\xb5\x2f\xfd', 'latin1');
const GZIP = Buffer.from('\x1f\x8b', 'latin1');
// Offsets of the x86 boot protocol (Documentation/arch/x86/boot.rst).
const SETUP_SECTORS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const SECTOR_BYTES = 512;

/**
 * Takes the ELF image out of a bzImage: QEMU boots it directly (PVH), which leaves out the kernel's own decompressor, most of
 * a boot's time without hardware virtualization.
 */
export function uncompressedImage(bzImage: Buffer): Buffer {
  const sectors = bzImage[SETUP_SECTORS] ?? 0;
  const start = (sectors === 0 ? 5 : sectors + 1) * SECTOR_BYTES + bzImage.readUInt32LE(PAYLOAD_OFFSET);
  const payload = bzImage.subarray(start, start + bzImage.readUInt32LE(PAYLOAD_LENGTH));
  const image = decompress(payload);
  if (startsWith(image, ELF)) return image;
  throw new VmError('VM_KERNEL', `expected an ELF image in the bzImage, got ${image.toString('hex', 0, 4)}`);
}

function decompress(payload: Buffer): Buffer {
  // The last four bytes are the length of what comes out, added by the kernel's build.
  const input = payload.subarray(0, -4);
  if (startsWith(payload, XZ)) return command(['xz', '-dc', '--single-stream'], { input });
  if (startsWith(payload, ZSTD)) return command(['zstd', '-dcq'], { input });
  if (startsWith(payload, GZIP)) return command(['gzip', '-dc'], { input });
  throw new VmError(
    'VM_KERNEL',
    `expected a kernel compressed with xz, zstd or gzip, got ${payload.toString('hex', 0, 6)}`,
  );
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}
