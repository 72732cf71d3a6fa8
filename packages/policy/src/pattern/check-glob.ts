import { parseGlob } from './parse-glob.js';

/** What is expected of a pattern that is malformed; nothing if it is well-formed. */
export function checkGlob(pattern: string): string | undefined {
  const result = parseGlob(pattern);
  return 'fault' in result ? result.fault : undefined;
}
