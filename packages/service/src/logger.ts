import { destination as fileDestination, pino, stdTimeFunctions, type Logger } from 'pino';
import { logText } from './log-text.js';

export type { Logger } from 'pino';

/** The parts of the product that log; a closed list, so that a filter on it can be relied on. */
export type LogComponent =
  'agent' | 'guard' | 'keeper' | 'answerer' | 'policies' | 'workloads' | 'telemetry' | 'cli';

/** How much is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Where log lines go; each call carries one line with its line break. */
export interface LogDestination {
  write(line: string): void;
}

/** How {@link createLogger} logs. */
export interface LoggerOptions {
  /** The least level that is logged. By default `info`. */
  readonly level?: LogLevel;
  /** JSON objects, or `time LEVEL component: message key=value`. By default `json`. */
  readonly format?: 'json' | 'text';
  /** Where the lines go. By default standard error, written synchronously. */
  readonly destination?: LogDestination;
  /** Takes every line as well, always as JSON. By default nobody. */
  readonly observer?: LogDestination;
}

const STDERR_FD = 2;

/** Creates the logger of a process. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const destination: LogDestination = options.destination ?? fileDestination({ fd: STDERR_FD, sync: true });
  const { level = 'info', format = 'json', observer } = options;
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => {
        destination.write(format === 'text' ? logText(line) : line);
        observer?.write(line);
      },
    },
  );
}

/** The logger of one component. */
export function componentLogger(logger: Logger, component: LogComponent): Logger {
  return logger.child({ component });
}
