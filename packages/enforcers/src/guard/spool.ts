import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import type { GuardAlert } from './guard-alert.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** Alerts put aside in a file while nobody takes them. What does not fit is counted. */
export class Spool {
  readonly #path: string;
  #dropped = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** How many alerts did not fit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Puts an alert aside. */
  put(alert: GuardAlert): void {
    if (existsSync(this.#path) && statSync(this.#path).size > MAX_BYTES) {
      this.#dropped++;
      return;
    }
    appendFileSync(this.#path, `${JSON.stringify(alert)}\n`, { mode: 0o600 });
  }

  /** Takes everything that was put aside, by whichever process. */
  take(): unknown[] {
    if (!existsSync(this.#path)) return [];
    const taken = `${this.#path}.taken`;
    renameSync(this.#path, taken);
    const lines = readFileSync(taken, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    rmSync(taken);
    return lines.map((line): unknown => JSON.parse(line));
  }
}
