import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { command } from '../command.ts';
import { VmError } from '../errors.ts';

/** Where the machine's own packages come from. */
export interface MachineSources {
  /** Address of the archive of releases. */
  readonly releases: string;
  /** Address of the archive of security updates; undefined where the machine has none. */
  readonly security: string | undefined;
}

/** Asks apt where this Debian's packages come from, so that kernels come from there, too. Throws VM_UNAVAILABLE elsewhere. */
export function machineSources(): MachineSources {
  const { ID: system, VERSION_CODENAME: release } = parseEnv(readFileSync('/etc/os-release', 'utf8'));
  if (system !== 'debian' || release === undefined)
    throw new VmError(
      'VM_UNAVAILABLE',
      `expected a Debian release, whose kernels are tested, got ${system ?? 'none'}`,
    );
  const archives = new Map(readTargets());
  const releases = archives.get(`main ${release}`);
  if (releases === undefined)
    throw new VmError(
      'VM_UNAVAILABLE',
      `expected ${release} main among apt's sources, got ${[...archives.keys()].join(', ')}`,
    );
  return { releases, security: archives.get(`main ${release}-security`) };
}

// Component and release of every archive, with its address.
function readTargets(): readonly (readonly [string, string])[] {
  const format = '$(COMPONENT) $(RELEASE)\t$(REPO_URI)';
  const text = command(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', address = '']) => [name, address]);
}
