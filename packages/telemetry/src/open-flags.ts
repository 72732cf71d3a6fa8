const ACCESS_MODES = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_WRONLY'] as const;

/** In KubeArmor's order. The values are x86's, which most architectures share. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0o100, 'O_CREAT'],
  [0o200, 'O_EXCL'],
  [0o400, 'O_NOCTTY'],
  [0o1000, 'O_TRUNC'],
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o4010000, 'O_SYNC'],
  [0o20000, 'O_ASYNC'],
  [0o100000, 'O_LARGEFILE'],
  [0o200000, 'O_DIRECTORY'],
  [0o400000, 'O_NOFOLLOW'],
  [0o2000000, 'O_CLOEXEC'],
  [0o40000, 'O_DIRECT'],
  [0o1000000, 'O_NOATIME'],
  [0o10000000, 'O_PATH'],
  [0o20000000, 'O_TMPFILE'],
];

/** The flags of open(2) as text: `O_RDONLY|O_CLOEXEC`. */
export function openFlagsText(flags: number): string {
  const names: string[] = [ACCESS_MODES[flags & 3] ?? 'O_RDONLY'];
  for (const [bits, name] of FLAGS) {
    if ((flags & bits) === bits) names.push(name);
  }
  return names.join('|');
}
