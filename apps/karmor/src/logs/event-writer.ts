import type { Event } from './event.js';
import type { EventDestination } from './event-destination.js';
import { EventFilter } from './event-filter.js';
import { formatEvent } from './format-event.js';
import type { LogsOptions } from './logs-options.js';

/** Where an {@link EventWriter} writes. */
export interface EventWriterDependencies {
  readonly events: EventDestination | undefined;
  readonly messages: EventDestination | undefined;
  /** Says in words what the agent could not send. */
  readonly note: (line: string) => void;
  /** Called when no more is wanted. */
  readonly finish: () => void;
}

/** How the agent tells, on its stream of messages, of what did not reach its clients. */
const DROP_NOTICE = /^dropped \d+ /;

/** Writes those events that are wanted, and ends when there have been enough. */
export class EventWriter {
  readonly #deps: EventWriterDependencies;
  readonly #filter: EventFilter;
  readonly #options: Pick<LogsOptions, 'format' | 'limit'>;
  #written = 0;
  #isDone = false;

  constructor(deps: EventWriterDependencies, options: Pick<LogsOptions, 'filter' | 'format' | 'limit'>) {
    this.#deps = deps;
    this.#options = options;
    this.#filter = new EventFilter(options.filter);
  }

  /** Takes one event. */
  write(event: Event): void {
    if (this.#isDone) return;
    if (event.kind === 'message') {
      this.#writeMessage(event);
      return;
    }
    const { events } = this.#deps;
    if (events === undefined || !this.#filter.matches(event.kind === 'alert' ? event.alert : event.log))
      return;
    const isWanted = events(formatEvent(event, this.#options.format));
    this.#written += 1;
    if (!isWanted || this.#written === this.#options.limit) this.#finish();
  }

  #writeMessage(event: Extract<Event, { readonly kind: 'message' }>): void {
    const { messages, note } = this.#deps;
    if (DROP_NOTICE.test(event.message.Message)) note(`The agent says: ${event.message.Message}`);
    if (messages !== undefined && !messages(formatEvent(event, this.#options.format))) this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.#deps.finish();
  }
}
