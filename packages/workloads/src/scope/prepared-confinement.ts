import { existsSync } from 'node:fs';
import { installSeccompFilter, landlockAbi, LandlockRuleset, setNoNewPrivs } from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';
import { assembleConfinementFilter } from './confinement-filter.js';
import { landlockGaps, WRITE_RIGHTS } from './landlock-plan.js';
import type { ConfinementSpec } from './scope-spec.js';

/** A confinement that only has to be put in force: its files are open, its filter is assembled. */
export interface PreparedConfinement {
  /** What the kernel cannot do of it. */
  readonly warnings: readonly string[];
  /** Puts the calling thread under it, for good. Opens nothing. */
  enforce(): void;
}

/** Prepares `--confine` inside the scope's root. Throws CONFINEMENT_UNAVAILABLE where the kernel has no Landlock. */
export function prepareConfinement(spec: ConfinementSpec): PreparedConfinement {
  const abi = landlockAbi();
  if (abi === 0) {
    const message = 'confine: expected a kernel with Landlock, this one has none or has it switched off';
    throw new WorkloadsError('CONFINEMENT_UNAVAILABLE', message);
  }
  const ruleset = LandlockRuleset.create({ fs: WRITE_RIGHTS });
  for (const path of spec.writable.filter((path) => mustExist(path, spec)))
    ruleset.allowPath(path, WRITE_RIGHTS);
  const filter = assembleConfinementFilter();
  return {
    warnings: landlockGaps(abi),
    enforce: () => {
      setNoNewPrivs();
      ruleset.restrictSelf();
      installSeccompFilter(filter);
    },
  };
}

function mustExist(path: string, spec: ConfinementSpec): boolean {
  if (existsSync(path)) return true;
  if (!spec.isExplicit) return false;
  throw new WorkloadsError(
    'SCOPE_SPEC_INVALID',
    `writable: expected a directory in the scope, ${path} is not there`,
  );
}
