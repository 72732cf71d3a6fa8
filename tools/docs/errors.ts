import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One error code and what it means. */
export interface ErrorCode {
  readonly code: string;
  readonly meaning: string;
}

/** The codes of one part. */
export interface ErrorCodes {
  readonly part: string;
  readonly codes: readonly ErrorCode[];
}

/** Where unions of codes are. */
export const CODE_FILES: readonly string[] = [
  'packages/*/src/errors.ts',
  'apps/*/src/errors.ts',
  'packages/policy/src/document/finding.ts',
  'packages/policy/src/lint/finding.ts',
  'apps/karmor/src/policies/finding-code.ts',
];

const INTRODUCTION = `Generated from the code. A code never changes its meaning.

Programs say \`CODE: message\` on standard error and end with 1, or with 2 where the usage or a setting is wrong. Where a
call of the kernel failed, the code is the name of its errno (\`EACCES\`). \`UNEXPECTED\` is no code: the error has none, and
is a mistake of ours.
`;

/** Reads every union of error codes with its comments. */
export function readErrorCodes(root: string): readonly ErrorCodes[] {
  return CODE_FILES.flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => existsSync(join(root, file)))
    .sort()
    .map((file) => ({ part: file.split('/').slice(0, 2).join('/'), codes: codesOf(join(root, file)) }))
    .filter(({ codes }) => codes.length > 0);
}

/** The reference page. */
export function renderErrors(parts: readonly ErrorCodes[]): string {
  const sections = parts.map(({ part, codes }) => {
    const rows = codes.map(({ code, meaning }) => `| \`${code}\` | ${meaning} |`);
    return [`## ${part}`, '', '| code | means |', '|---|---|', ...rows, ''].join('\n');
  });
  return ['# Errors', '', INTRODUCTION, ...sections].join('\n');
}

function codesOf(file: string): ErrorCode[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2024, true);
  const codes: ErrorCode[] = [];
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement) && ts.isUnionTypeNode(statement.type)) {
      codes.push(...codesOfUnion(statement.type, source.text));
    }
  }
  return codes;
}

// A member's comment stands before its bar, so it is found between the member before and this one.
function codesOfUnion(union: ts.UnionTypeNode, text: string): ErrorCode[] {
  let end = union.getFullStart();
  return union.types.flatMap((member) => {
    const before = text.slice(end, member.getStart());
    end = member.getEnd();
    if (!ts.isLiteralTypeNode(member) || !ts.isStringLiteral(member.literal)) return [];
    return [{ code: member.literal.text, meaning: meaningOf(before) }];
  });
}

function meaningOf(text: string): string {
  const comment = /\/\*\*?([^]*?)\*\//.exec(text)?.[1] ?? '';
  return comment
    .replaceAll(/^\s*\*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('|', '\\|');
}
