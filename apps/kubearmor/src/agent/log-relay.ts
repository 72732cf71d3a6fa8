import type { LogDestination } from '@kubearmor/service';
import type { Message } from '@kubearmor/telemetry';
import { z } from 'zod';

/** Tells whoever watches messages. */
export interface LineTeller {
  /** Takes one line of the log. */
  tell(level: Message['Level'], text: string): void;
}

const lineSchema = z.looseObject({ level: z.string(), msg: z.string().default('') });

const LEVELS: Readonly<Record<string, Message['Level']>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
};

/** Passes on what is logged, while somebody wants it. */
export class LogRelay implements LogDestination {
  #teller: LineTeller | undefined;

  /** Names who gets the lines from now on; undefined for nobody. */
  tellTo(teller: LineTeller | undefined): void {
    this.#teller = teller;
  }

  /** Takes one line, as the logger writes it. */
  write(line: string): void {
    if (this.#teller === undefined) return;
    const { level, msg, ...facts } = lineSchema.parse(JSON.parse(line));
    // A message has a time of its own.
    const named = Object.entries(facts).filter(([name]) => name !== 'time');
    const rest = named.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    this.#teller.tell(LEVELS[level] ?? 'ERROR', [msg, ...rest].join(' '));
  }
}
