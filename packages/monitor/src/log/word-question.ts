import { logText } from '@kubearmor/telemetry';
import type { CallCache } from '../calls/call-cache.js';
import type { CallWords } from '../calls/call.js';
import type { MonitorEvent } from '../monitor-event.js';
import { readDnsQuestion } from '../record/dns-question.js';
import { DNS_TEXT } from '../record/layout.js';

/** Words what a name server is asked. Undefined where the record does not say whom: no kernel of ours makes such a one. */
export function wordQuestion(
  { view }: Extract<MonitorEvent, { kind: 'dns' }>,
  calls: CallCache,
): CallWords | undefined {
  const server = view.server(DNS_TEXT.server);
  if (server === undefined) return undefined;
  const { domain, queryType } = readDnsQuestion(view.bytes(DNS_TEXT.message));
  const { family, address, remotePort } = server;
  const text = logText({ kind: 'dns', family, domain, server: address, port: remotePort, queryType });
  return { call: calls.worded(view, text), Resource: text.Resource };
}
