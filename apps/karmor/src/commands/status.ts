import { callJson, ServiceError } from '@kubearmor/service';
import { startAgentHint } from '../agent-socket.js';
import type { Output } from '../output.js';
import { parseStatus } from '../status/agent-status.js';
import { formatStatus } from '../status/status-text.js';

/** How `karmor status` asks and answers. */
export interface StatusOptions {
  readonly socketPath: string;
  /** As JSON, all of what the agent said. */
  readonly isJson: boolean;
}

const FAILED_STATUS = 1;

/** Prints what the agent enforces and resolves to the status to exit with. */
export async function statusCommand(options: StatusOptions, output: Output): Promise<number> {
  try {
    const answer = await callJson(options.socketPath, 'status', {});
    output.print(options.isJson ? `${JSON.stringify(answer, null, 2)}\n` : formatStatus(parseStatus(answer)));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isAbsent = error instanceof ServiceError && error.code === 'SOCKET_UNAVAILABLE';
    output.complain(`status: ${message}${isAbsent ? `; ${startAgentHint()}` : ''}`);
    return FAILED_STATUS;
  }
}
