import type { Finding, ProblemCode } from '../document/finding.js';

/** What is wrong with a document, and where. */
export interface Problem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In the document, as in `spec.process.matchPaths[0].path`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  /** All of the above in one line. */
  readonly message: string;
  /** `<namespace>/<name>` of the policy, as far as it could be read. */
  readonly policy?: string;
}

/** Completes a finding with what is the same for the whole document. */
export function toProblem(finding: Finding, file: string, policy: string | undefined): Problem {
  const { code, path, expected, got } = finding;
  const { line, column } = finding.position;
  const who = policy === undefined ? '' : `policy ${policy}: `;
  const message = `${file}:${line}:${column}: ${who}${path}: expected ${expected}, got ${got}`;
  const problem = { code, file, line, column, path, expected, got, message };
  return policy === undefined ? problem : { ...problem, policy };
}
