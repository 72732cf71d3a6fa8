import type { ScopeOptions } from '../scope-spec.js';

/** Whether something that went through JSON is what a test passes on: it has a command, the rest is the test's affair. */
export function isScopeOptions(value: unknown): value is ScopeOptions {
  return typeof value === 'object' && value !== null && 'command' in value;
}
