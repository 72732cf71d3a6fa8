import { createWriteStream, type WriteStream } from 'node:fs';
import type { Counters } from '@kubearmor/service';
import {
  AlertLines,
  FileSink,
  formatAlertJson,
  formatAlertText,
  formatLegacyAlertJson,
  StreamSink,
  type AlertFormat,
  type AlertSink,
  type DropLedger,
  type LineSink,
} from '@kubearmor/telemetry';
import type { AgentConfig } from './agent-config.js';

/** Where lines of logs go, and how they are rendered. */
export interface LogOutlet {
  readonly format: AgentConfig['logFormat'];
  readonly sink: LineSink;
}

/** Where the agent writes, besides its gRPC streams. */
export interface Outlets {
  /** The file that alerts go to; it is waited for. */
  readonly alertFile: AlertSink | undefined;
  /** Standard output, which may have no reader and is not. */
  readonly alertStream: AlertSink | undefined;
  readonly logs: LogOutlet | undefined;
}

/** What lines are counted by. */
export interface OutletDeps {
  readonly counters: Counters;
  readonly drops: DropLedger;
}

type OutletConfig = Pick<AgentConfig, 'logPath' | 'logFormat' | 'logFilter' | 'alertsOnStdout'>;

const FORMATS: Readonly<Record<AgentConfig['logFormat'], AlertFormat>> = {
  json: (alert) => formatAlertJson(alert),
  text: (alert) => formatAlertText(alert),
  legacy: (alert) => formatLegacyAlertJson(alert),
};
const MIB = 1024 * 1024;
/** Of what may wait on standard output logs get one half: they cost no alert. */
const MAX_STDOUT_LOG_BYTES = MIB;
const MAX_STDOUT_BYTES = 2 * MIB;

/** Opens what the configuration names. */
export function createOutlets(config: OutletConfig, deps: OutletDeps): Outlets {
  const { logPath, logFormat, logFilter } = config;
  // A pipe that nobody reads must not hold up the agent: not process.stdout, whose writes to pipes wait.
  const stdout = createWriteStream('', { fd: 1, autoClose: false });
  return {
    alertFile:
      isFile(logPath) && logFilter !== 'system'
        ? new AlertLines(new FileSink(deps, { path: logPath }), FORMATS[logFormat])
        : undefined,
    alertStream: alertStream(stdout, config, deps),
    logs: logFilter === 'policy' ? undefined : logOutlet(stdout, config, deps),
  };
}

function alertStream(stdout: WriteStream, config: OutletConfig, deps: OutletDeps): AlertSink | undefined {
  const { logPath, logFormat, logFilter, alertsOnStdout } = config;
  const format = logPath === 'stdout' && logFilter !== 'system' ? logFormat : alertsOnStdout;
  if (format === 'none') return undefined;
  const sink = new StreamSink({ ...deps, stream: stdout }, { maxPendingBytes: MAX_STDOUT_BYTES });
  return new AlertLines(sink, FORMATS[format]);
}

function logOutlet(stdout: WriteStream, config: OutletConfig, deps: OutletDeps): LogOutlet | undefined {
  const { logPath, logFormat: format } = config;
  if (logPath === 'stdout') {
    const options = { stream: 'logs', maxPendingBytes: MAX_STDOUT_LOG_BYTES } as const;
    return { format, sink: new StreamSink({ ...deps, stream: stdout }, options) };
  }
  if (!isFile(logPath)) return undefined;
  return { format, sink: new FileSink(deps, { path: logPath, stream: 'logs' }) };
}

function isFile(logPath: string): boolean {
  return logPath !== 'none' && logPath !== 'stdout';
}
