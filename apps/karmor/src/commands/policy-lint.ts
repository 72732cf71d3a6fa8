import { loadPolicies } from '@kubearmor/policy';
import { z } from 'zod';
import type { RunCommand } from '../command-context.js';
import { oneOf, parseFlags } from '../parse-flags.js';
import { DEFAULT_NAMESPACE } from '../policies/default-namespace.js';
import { lintPolicies } from '../policies/lint-policies.js';
import { posturesOf } from '../policies/postures-of.js';
import { readFiles } from '../policies/read-files.js';
import { WorkloadRoot } from '../root/workload-root.js';

const flagsSchema = z.object({
  root: z.string().default('/'),
  posture: oneOf(['block', 'audit', 'allow']).default('audit'),
  strict: z.boolean().default(false),
  json: z.boolean().default(false),
});

interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly where: string;
  readonly message: string;
}

/** `karmor policy lint`: ends with 1 for an error, and with `--strict` for a warning. */
export const policyLintCommand: RunCommand = (args, given, { output }) => {
  const { root, posture, strict, json } = parseFlags(flagsSchema, given);
  const loaded = readFiles(args).map(({ name, text }) =>
    loadPolicies(text, { file: name, defaultNamespace: DEFAULT_NAMESPACE }),
  );
  const policies = loaded.flatMap((each) => each.policies);
  using workloadRoot = WorkloadRoot.open(root);
  const findings: Finding[] = [
    ...loaded
      .flatMap((each) => each.problems)
      .map(({ code, file, line, column, path, expected, got }) => ({
        severity: 'error' as const,
        code,
        where: `${file}:${line}:${column}`,
        message: `${path}: expected ${expected}, got ${got}`,
      })),
    ...lintPolicies(policies, posturesOf(posture), workloadRoot.resolver).map(({ rule, ...finding }) => ({
      ...finding,
      where: rule,
    })),
  ];
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  if (json) output.print(findings.map((finding) => `${JSON.stringify(finding)}\n`).join(''));
  else {
    output.print(
      findings
        .map(({ where, severity, code, message }) => `${where}: ${severity} ${code}: ${message}\n`)
        .join(''),
    );
    output.print(
      `${policies.length} policies read, ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes\n`,
    );
  }
  const isBad = count('error') > 0 || (strict && count('warning') > 0);
  return Promise.resolve(isBad ? 1 : 0);
};
