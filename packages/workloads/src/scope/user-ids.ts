import { WorkloadsError } from '../errors.js';

/** Whom a workload runs as. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

// -1 (4294967295) means "leave as it is" to the kernel.
const MAX_ID = 0xffff_fffe;

/** Parses `UID[:GID]`; a group that is not given has the user's number. */
export function parseUserIds(text: string): UserIds {
  const match = /^(\d{1,10})(?::(\d{1,10}))?$/u.exec(text);
  const uid = Number(match?.[1] ?? Number.NaN);
  const gid = Number(match?.[2] ?? uid);
  if (!(uid <= MAX_ID && gid <= MAX_ID)) {
    const message = `user: expected UID or UID:GID as numbers up to ${MAX_ID}, got ${JSON.stringify(text)}`;
    throw new WorkloadsError('SCOPE_SPEC_INVALID', message);
  }
  return { uid, gid };
}
