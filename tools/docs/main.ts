import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readErrorCodes, renderErrors } from './errors.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(join(root, 'docs/reference/errors.md'), renderErrors(readErrorCodes(root)));
