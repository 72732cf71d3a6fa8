import type { CorpusCase, CorpusSubject, ExpectedAlert, Expectation } from './corpus-case.js';
import { kernelFeatures } from './corpus-case.js';
import type { Cursor } from './cursor.js';
import { readOperation } from './read-operation.js';

/** Reads one element of `cases`. */
export function readCase(cursor: Cursor): CorpusCase {
  const fields = cursor.fields(['name', 'operation', 'subject', 'needs', 'expect']);
  const operation = readOperation(fields.required('operation'));
  const isQuiet = operation.do === 'capability' && operation.quiet;
  return {
    name: readName(fields.required('name')),
    line: cursor.line,
    operation,
    subject: readSubject(fields.optional('subject')),
    needs: fields.optional('needs')?.items().map((item) => item.word(kernelFeatures)) ?? [],
    expect: readExpectation(fields.required('expect'), isQuiet),
  };
}

/** Reads the name of a group or a case. */
export function readName(cursor: Cursor): string {
  const name = cursor.text();
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? name : cursor.fail('a name in kebab-case');
}

function readSubject(cursor: Cursor | undefined): CorpusSubject {
  const fields = cursor?.fields(['exe', 'parentExe', 'uid', 'tty']);
  return {
    exe: fields?.text('exe', actor) ?? actor,
    parentExe: fields?.text('parentExe', init) ?? init,
    uid: fields?.integer('uid', 0) ?? 0,
    tty: fields?.flag('tty', false) ?? false,
  };
}

const actor = '/usr/bin/actor';
const init = '/usr/bin/init';

function readExpectation(cursor: Cursor, isQuiet: boolean): Expectation {
  const fields = cursor.fields(['verdict', 'alert']);
  const verdict = fields.required('verdict').word(['pass', 'deny']);
  if (isAny(fields.required('alert'))) return { verdict, anyAlert: true };
  const alert = readAlert(fields.required('alert'));
  if (alert === undefined) {
    return verdict === 'pass' || isQuiet ? { verdict } : cursor.fail('an alert with the denial', 'none');
  }
  const action = verdict === 'deny' ? 'Block' : 'Audit';
  return alert.action === action ? { verdict, alert } : cursor.fail(`the action ${action}`, alert.action);
}

function isAny(cursor: Cursor): boolean {
  return cursor.isText() && cursor.text() === 'any';
}

function readAlert(cursor: Cursor): ExpectedAlert | undefined {
  if (cursor.isText()) {
    cursor.word(['none', 'any']);
    return undefined;
  }
  const fields = cursor.fields(['policy', 'rule', 'action', 'severity', 'tags', 'message']);
  const severity = fields.optional('severity')?.integer();
  const message = fields.optional('message')?.text();
  return {
    policyName: fields.required('policy').text(),
    rule: fields.required('rule').text(),
    action: fields.required('action').word(['Block', 'Audit']),
    ...(severity === undefined ? {} : { severity }),
    ...(fields.has('tags') ? { tags: fields.texts('tags') } : {}),
    ...(message === undefined ? {} : { message }),
  };
}
