export { writeFileAtomic, type WriteFileAtomicOptions } from './atomic-file.js';
export {
  BoundedQueue,
  type BoundedQueueOptions,
  type DrainOptions,
  type QueueDrops,
} from './bounded-queue.js';
export { readPem } from './certificates/read-pem.js';
export { createSystemClock, type Clock } from './clock.js';
export {
  Counters,
  type Counter,
  type CounterLabels,
  type CounterSample,
  type CountersOptions,
} from './counters.js';
export { parseDuration } from './duration.js';
export { RemoteError, ServiceError, type ServiceErrorCode } from './errors.js';
export { FakeClock } from './fake-clock.js';
export { hostFactsSchema, type HostFacts, type ProbedPostures } from './host-facts.js';
export { Lifecycle, type LifecycleOptions, type LifecyclePart, type LifecycleState } from './lifecycle.js';
export {
  componentLogger,
  createLogger,
  type LogComponent,
  type LogDestination,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger.js';
export { retry, type RetryContext, type RetryOptions, type RetryState } from './retry.js';
export { callJson, subscribeJson, type CallJsonOptions, type SubscribeJsonOptions } from './socket-client.js';
export { type AuthorizePeer, type JsonHandler, type JsonHandlerContext } from './socket-connection.js';
export { listenOn } from './socket-path.js';
export { serveJson, type JsonServer, type ServeJsonOptions } from './socket-server.js';
