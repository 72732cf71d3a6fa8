import { check, libc } from './libc.js';

const PR_SET_PDEATHSIG = 1;
const PR_SET_DUMPABLE = 4;
const PR_SET_CHILD_SUBREAPER = 36;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_GET_NO_NEW_PRIVS = 39;

/** From now on exec gives the calling thread and its children no new privileges. Cannot be undone. */
export function setNoNewPrivs(): void {
  check(libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 'prctl', 'PR_SET_NO_NEW_PRIVS');
}

/** Whether exec can give the calling thread new privileges. */
export function hasNoNewPrivs(): boolean {
  return check(libc().prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 'prctl', 'PR_GET_NO_NEW_PRIVS') === 1;
}

/** Has the kernel send a signal to this process when the thread that started it ends; 0 for none. Lost at a set-id exec. */
export function setParentDeathSignal(signal: number): void {
  check(libc().prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0), 'prctl', `PR_SET_PDEATHSIG ${signal}`);
}

/** Decides whether other processes of the same user may trace this one and read its memory. */
export function setDumpable(isDumpable: boolean): void {
  check(libc().prctl(PR_SET_DUMPABLE, isDumpable ? 1 : 0, 0, 0, 0), 'prctl', 'PR_SET_DUMPABLE');
}

/** Makes orphans below this process its children instead of init's. */
export function setChildSubreaper(isSubreaper: boolean): void {
  check(
    libc().prctl(PR_SET_CHILD_SUBREAPER, isSubreaper ? 1 : 0, 0, 0, 0),
    'prctl',
    'PR_SET_CHILD_SUBREAPER',
  );
}
