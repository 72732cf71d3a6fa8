import { readTextAt } from './read-file.js';

/** The names of users by their number, from the text of /etc/passwd. The first entry of a number wins, as in libc. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === undefined || name === '' || uid === undefined || !/^\d+$/u.test(uid)) continue;
    if (!names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** Names users from a passwd file, by default /etc/passwd of this machine, read once; unknown users have their number as name. */
export class UserNames {
  readonly #path: string;
  #names: ReadonlyMap<number, string> | undefined;

  constructor(path = '/etc/passwd') {
    this.#path = path;
  }

  /** The name of a user. */
  userName(uid: number): string {
    this.#names ??= parsePasswd(readTextAt(this.#path) ?? '');
    return this.#names.get(uid) ?? String(uid);
  }

  /** Makes the next question read the file again. */
  refresh(): void {
    this.#names = undefined;
  }
}
