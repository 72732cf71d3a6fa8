import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTrees, renderCommands } from './commands.ts';
import { renderConfiguration } from './configuration.ts';
import { readErrorCodes, renderErrors } from './errors.ts';
import { renderLockout } from './lockout.ts';
import { renderMetricsPage } from './metrics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reference = join(root, 'docs/reference');
writeFileSync(join(reference, 'errors.md'), renderErrors(readErrorCodes(root)));
writeFileSync(join(reference, 'configuration.md'), renderConfiguration());
for (const tree of Object.values(createTrees()))
  writeFileSync(join(reference, `${tree.name()}.md`), renderCommands(tree));
writeFileSync(join(reference, 'metrics.md'), renderMetricsPage());
writeFileSync(join(reference, 'lockout.md'), renderLockout());
