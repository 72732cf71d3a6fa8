import type { AnswererChannel } from '@kubearmor/enforcers';

/** The channel to the process that started this one. */
export function processChannel(): AnswererChannel {
  return {
    send: (report) => {
      if (!process.connected || process.send === undefined) return false;
      // A keeper that died a moment ago must not end the answerer.
      process.send(report, undefined, undefined, () => undefined);
      return true;
    },
    onOrder: (take) => process.on('message', take),
    onDisconnect: (take) => process.on('disconnect', take),
    onEndRequest: (take) => process.once('SIGTERM', take),
    close: () => {
      if (process.connected) process.disconnect();
    },
  };
}
