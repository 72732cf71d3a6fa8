import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { parseFlags } from '../parse-flags.js';
import { readFiles } from '../policies/read-files.js';
import { loadGroups } from '../policy-test/load-groups.js';
import { runGroup } from '../policy-test/run-group.js';
import { tapCase, tapHead } from '../policy-test/tap-text.js';

const flagsSchema = z.object({ json: z.boolean().default(false) });

/** `karmor policy test`: ends with 1 when a case comes out otherwise than expected. */
export const policyTestCommand: RunCommand = (args, given, { output }) => {
  const { json } = parseFlags(flagsSchema, given);
  const results = readFiles(args)
    .flatMap(loadGroups)
    .flatMap((group) => runGroup(group, output.note));
  if (json) output.print(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  else {
    output.print(tapHead(results.length));
    output.print(results.map((result, index) => tapCase(result, index + 1)).join(''));
  }
  const failed = results.filter(({ isAsExpected }) => !isAsExpected).length;
  output.note(`# ${results.length - failed} of ${results.length} as expected`);
  return Promise.resolve(failed === 0 ? 0 : 1);
};
