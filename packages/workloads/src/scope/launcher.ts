// The program that becomes the workload: started by launchScope with a pipe on descriptor 3, in the pid namespace of
// the scope. It does everything synchronously, so that Node starts no thread and opens no file of its own meanwhile.
import { writeSync } from 'node:fs';
import { installSeccompFilter } from '@kubearmor/kernel/launch';
import { WorkloadsError } from '../errors.js';
import { assembleBaselineFilter } from './baseline-filter.js';
import { dropPrivileges } from './drop-privileges.js';
import { enterScope } from './enter-scope.js';
import { executeCommand } from './execute-command.js';
import { restoreInheritedState } from './inherited-state.js';
import { isLaunchGo, isLaunchOrder, LAUNCH_FD, type LaunchOrder } from './launch-order.js';
import { LaunchPipe } from './launch-pipe.js';
import { type PreparedConfinement, prepareConfinement } from './prepared-confinement.js';

/** The status of a scope that could not be started, as with other launchers of containers. */
const FAILED_TO_START = 125;
const STDERR = 2;

process.exit(launch(new LaunchPipe(LAUNCH_FD)));

function launch(pipe: LaunchPipe): number {
  const order = pipe.receive();
  // The other end is gone or gave up: it has said why.
  if (!isLaunchOrder(order)) return FAILED_TO_START;
  const umask = process.umask(0);
  let confinement: PreparedConfinement | undefined;
  const filter = assembleBaselineFilter();
  try {
    enterScope(order);
    if (order.spec.confinement !== null) confinement = prepareConfinement(order.spec.confinement);
  } catch (error) {
    const failure = WorkloadsError.from(error, 'SCOPE_SETUP_FAILED', 'scope');
    pipe.send({ kind: 'failed', code: failure.code, message: failure.message });
    return FAILED_TO_START;
  }
  pipe.send({ kind: 'ready', warnings: confinement?.warnings ?? [] });
  if (!isLaunchGo(pipe.receive())) return FAILED_TO_START;
  return becomeWorkload(order, umask, filter, confinement);
}

/** The baseline needs CAP_SYS_ADMIN to do without no_new_privs, which set-user-id programs need; so it comes before capabilities go. */
function becomeWorkload(
  order: LaunchOrder,
  umask: number,
  filter: Uint8Array,
  confinement: PreparedConfinement | undefined,
): number {
  const { spec } = order;
  try {
    restoreInheritedState(umask, order.openFileLimit);
    installSeccompFilter(filter, { noNewPrivs: false });
    confinement?.enforce();
    dropPrivileges(spec);
  } catch (error) {
    return complain(WorkloadsError.from(error, 'SCOPE_SETUP_FAILED', 'scope').message, FAILED_TO_START);
  }
  const failure = executeCommand(spec.command, spec.env);
  return complain(failure.message, failure.status);
}

function complain(message: string, status: number): number {
  writeSync(STDERR, `karmor: ${message}\n`);
  return status;
}
