export { type Alert, type AlertType, type ExecEvent, type PodOwner } from './alert.js';
export {
  createAlert,
  type AlertDecision,
  type AlertNode,
  type AlertOperation,
  type AlertParts,
  type AlertProcess,
  type AlertWorkload,
} from './create-alert.js';
export { TelemetryError, type TelemetryErrorCode } from './errors.js';
export { AlertLines } from './alert-lines.js';
export { DropLedger, ENDED, type Drop, type DropCount } from './drop-ledger.js';
export { eventData, eventWords, type EventDataSource } from './event-data.js';
export { eventTime, type EventTime } from './event-time.js';
export { FanOut } from './fan-out.js';
export { FileSink, type FileSinkOptions } from './file-sink.js';
export { type LineSink } from './line-sink.js';
export { type Lines, type WorkloadShare } from './lines.js';
export { formatAlertJson, formatLogJson, formatMessageJson, type JsonFormatOptions } from './json-format.js';
export { formatLegacyAlertJson, type LegacyJsonOptions, type LegacyRecord } from './legacy-json-format.js';
export { type Log, type LogOperation, type LogType } from './log.js';
export { logText, type LogFacts, type LogText } from './log-call-text.js';
export {
  createLog,
  type LogCall,
  type LogEvent,
  type LogNode,
  type LogProcess,
  type LogWorkload,
} from './log-event.js';
export { formatLegacyLogJson } from './log-legacy-json-format.js';
export { type LogSink } from './log-sink.js';
export { type Message } from './message.js';
export { openFlagsText } from './open-flags.js';
export {
  operationText,
  type NetworkObject,
  type OperationFacts,
  type OperationText,
  type Trace,
} from './operation-text.js';
export { type ReceivedAlert, type ReceivedLog, type ReceivedMessage } from './received.js';
export { RepeatFilter, type RepeatFilterOptions } from './repeat-filter.js';
export { resultText } from './result-text.js';
export { type AlertFormat, type AlertSink } from './sink.js';
export { ipProtocolName, socketFamilyName, socketTypeName } from './socket-names.js';
export { type SinkCountersDependencies } from './sink-counters.js';
export { StreamSink, type StreamSinkDependencies, type StreamSinkOptions } from './stream-sink.js';
export { formatAlertText, formatLogText, formatMessageText } from './text-format.js';
export { Throttle, type ThrottleDependencies, type ThrottleKey, type ThrottleOptions } from './throttle.js';
