import type { GuardEvent } from './ring-event.js';
import { Task } from '../judge/task.js';

/** What /proc says of a task that has gone on since. */
export interface TaskTexts {
  readonly commandLine: string;
  readonly cwd: string;
  readonly tty: string;
}

interface Known extends TaskTexts {
  readonly untilMs: number;
}

/** No longer than a task's texts are late anyway where many events wait to be read. */
const FRESH_MS = 20;
const MAX_TASKS = 256;

/** Reads what /proc says of the task of an event, once for events that come close together. */
export class RecentTasks {
  readonly #known = new Map<string, Known>();

  /** The texts of the task that an event is of. */
  of({ tid, tgid, exe }: Pick<GuardEvent, 'tid' | 'tgid' | 'exe'>): TaskTexts {
    const key = `${tgid} ${exe}`;
    const nowMs = performance.now();
    const known = this.#known.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known;
    const { commandLine, cwd, tty } = new Task(tid, '', '');
    if (this.#known.size >= MAX_TASKS) this.#known.clear();
    const texts = { commandLine, cwd, tty, untilMs: nowMs + FRESH_MS };
    this.#known.set(key, texts);
    return texts;
  }
}
