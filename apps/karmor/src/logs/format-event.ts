import {
  formatAlertJson,
  formatAlertText,
  formatLogJson,
  formatLogText,
  formatMessageJson,
  formatMessageText,
} from '@kubearmor/telemetry';
import type { Event } from './event.js';
import type { EventFormat } from './logs-options.js';

/** An event as it is written, with the line break at its end. */
export function formatEvent(event: Event, format: EventFormat): string {
  return `${format === 'text' ? formatText(event) : formatJson(event, format === 'pretty-json')}\n`;
}

function formatText(event: Event): string {
  switch (event.kind) {
    case 'alert':
      return formatAlertText(event.alert);
    case 'log':
      return formatLogText(event.log);
    case 'message':
      return formatMessageText(event.message);
  }
}

function formatJson(event: Event, isPretty: boolean): string {
  switch (event.kind) {
    case 'alert':
      return formatAlertJson(event.alert, { isPretty });
    case 'log':
      return formatLogJson(event.log, { isPretty });
    case 'message':
      return formatMessageJson(event.message, { isPretty });
  }
}
