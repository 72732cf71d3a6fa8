import type { Output } from './output.js';

const FAILED = 1;
const USAGE = 2;

/** Says in one line what went wrong, with its code, and gives the status to exit with. */
export function explainFailure(thrown: unknown, output: Output): number {
  if (!(thrown instanceof Error)) {
    output.complain(`UNEXPECTED: ${String(thrown)}`);
    return FAILED;
  }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'UNEXPECTED';
  output.complain(`${code}: ${thrown.message}`);
  return code === 'USAGE_INVALID' ? USAGE : FAILED;
}
