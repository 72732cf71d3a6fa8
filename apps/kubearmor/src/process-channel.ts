import type { AnswererChannel } from '@kubearmor/enforcers';

/** The channel to the process that started this one. */
export function processChannel(): AnswererChannel {
  return {
    send: (report) => {
      if (!process.connected || process.send === undefined) return false;
      process.send(report);
      return true;
    },
    onOrder: (take) => process.on('message', take),
    onDisconnect: (take) => process.on('disconnect', take),
  };
}
