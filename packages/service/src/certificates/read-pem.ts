import { readFileSync } from 'node:fs';
import { ServiceError } from '../errors.js';

/** Reads a PEM file. Throws TLS_FILE_MISSING. */
export function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ServiceError('TLS_FILE_MISSING', `${path}: expected a PEM file, could not read one`, { cause });
  }
}
