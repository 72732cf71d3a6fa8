import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the parts of the checkout are that the tests use. */
export const places = {
  root,
  /** A guest's tests say the one in few files, which starts sooner. */
  kubearmor: process.env['KUBEARMOR_E2E_PROGRAM'] ?? `${root}apps/kubearmor/dist/main.js`,
  objects: `${root}build/bpf`,
  actor: `${root}build/actor/actor`,
  dynamicActor: `${root}build/actor/actor-dynamic`,
  loader: `${root}build/actor/loader`,
  corpus: `${root}corpus/verdicts`,
  /** What test runs write. */
  results: `${root}build/test`,
  /** Agents that test runs have started and not yet released. */
  ledger: `${root}build/test/ledger`,
} as const;

/** What of the built things is missing. */
export function missingPlaces(): readonly string[] {
  const { kubearmor, objects, actor, dynamicActor, loader } = places;
  return [kubearmor, `${objects}/guard.bpf.o`, actor, dynamicActor, loader].filter(
    (path) => !existsSync(path),
  );
}
