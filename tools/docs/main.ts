import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderConfiguration } from './configuration.ts';
import { readErrorCodes, renderErrors } from './errors.ts';
import { renderKarmor } from './karmor.ts';
import { renderLockout } from './lockout.ts';
import { renderMetricsPage } from './metrics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reference = join(root, 'docs/reference');
writeFileSync(join(reference, 'errors.md'), renderErrors(readErrorCodes(root)));
writeFileSync(join(reference, 'configuration.md'), renderConfiguration());
writeFileSync(join(reference, 'karmor.md'), renderKarmor());
writeFileSync(join(reference, 'metrics.md'), renderMetricsPage());
writeFileSync(join(reference, 'lockout.md'), renderLockout());
