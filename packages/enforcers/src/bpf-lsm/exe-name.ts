const MASK = 0xffff_ffff_ffff_ffffn;
const MIX = 0x9e3779b97f4a7c15n;

/** Names an executable by its path as bpf/lib/engine/executable.h does, by a secret key of two numbers. */
export function exeName(path: string, key: readonly [bigint, bigint]): bigint {
  const text = Buffer.from(`${path}/`);
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8);
  text.copy(padded);
  let name = key[0] ^ BigInt(text.length);
  for (let at = 0; at < padded.length; at += 8) {
    name = (((name ^ padded.readBigUInt64LE(at)) + key[1]) * MIX) & MASK;
    name ^= name >> 31n;
  }
  return name === 0n ? 1n : name;
}
