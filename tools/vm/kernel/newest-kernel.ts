// Three numbers at least: with two it is the package that only depends on the newest of them.
const NAME = /^linux-image-(\d+\.\d+\.\d+[^-]*(?:-\d+)?-amd64)$/;

/** Of package names, the release of the newest kernel of a version such as `6.1`, or of all for `newest`. */
export function newestKernel(names: readonly string[], version: string): string | undefined {
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .filter((release) => version === 'newest' || isOf(release, version))
    .sort(byNumbers)
    .at(-1);
}

function isOf(release: string, version: string): boolean {
  return release.startsWith(version) && !/\d/.test(release.charAt(version.length));
}

function byNumbers(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const place = left.findIndex((number, index) => number !== right[index]);
  return place === -1 ? left.length - right.length : (left[place] ?? 0) - (right[place] ?? 0);
}

function numbersOf(release: string): readonly number[] {
  return Array.from(release.matchAll(/\d+/g), ([digits]) => Number(digits));
}
