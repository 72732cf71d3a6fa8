import type { LogDestination } from '@kubearmor/service';
import type { Message } from '@kubearmor/telemetry';
import { z } from 'zod';

/** Takes one line of the log for whoever watches messages. */
export type TellLine = (level: Message['Level'], text: string) => void;

const lineSchema = z.looseObject({ level: z.string(), msg: z.string().default('') });

const LEVELS: Readonly<Record<string, Message['Level']>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
};

/** Passes on what is logged, while somebody wants it. */
export class LogRelay implements LogDestination {
  #tell: TellLine | undefined;

  /** Names who gets the lines from now on; undefined for nobody. */
  tellTo(tell: TellLine | undefined): void {
    this.#tell = tell;
  }

  /** Takes one line, as the logger writes it. */
  write(line: string): void {
    if (this.#tell === undefined) return;
    const { level, msg, ...facts } = lineSchema.parse(JSON.parse(line));
    // A message has a time of its own.
    const named = Object.entries(facts).filter(([name]) => name !== 'time');
    const rest = named.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    this.#tell(LEVELS[level] ?? 'ERROR', [msg, ...rest].join(' '));
  }
}
