import { flagOf } from './flag-layer.js';
import { settingNames } from './setting-names.js';

/** Takes flags as Go's programs do, with one dash: `-gRPC=0` for `--gRPC=0`. Anything else stays as it is. */
export function goFlags(argv: readonly string[]): readonly string[] {
  const flags = new Set(settingNames().map(flagOf));
  return argv.map((each) => {
    const name = /^-([A-Za-z0-9]{2,})(?:=|$)/.exec(each)?.[1];
    return name !== undefined && flags.has(name) ? `-${each}` : each;
  });
}
