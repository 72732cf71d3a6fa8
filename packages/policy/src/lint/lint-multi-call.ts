import type { BoundRule } from '../bind/bound-rule.js';
import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { MultiCallProgram } from '../bind/multi-call.js';
import { lastComponent } from '../bind/multi-call.js';
import { formsOf } from './forms-of.js';
import type { Finding } from './finding.js';

/** Finds paths that are one of many names of a program: they match by that name, and as a source not at all. */
export function lintMultiCall(bound: BoundRuleSet, { rule }: BoundRule): readonly Finding[] {
  const findings: Finding[] = [];
  const { object, id } = rule;
  if (object.match === 'path') {
    const program = programNamed(bound, object.path);
    const message =
      program &&
      `${object.path} is one of many names of ${show(program)}: the rule holds for that name alone`;
    if (message !== undefined)
      findings.push({ rule: id, severity: 'info', code: 'MULTI_CALL_NAME', message });
  }
  for (const source of rule.fromSource) {
    const program = source.match === 'path' ? programNamed(bound, source.path) : undefined;
    if (program === undefined || source.match !== 'path') continue;
    const message = `fromSource ${source.path} is one of many names of ${show(program)}, which is what asks: it never matches`;
    findings.push({ rule: id, severity: 'warning', code: 'MULTI_CALL_SOURCE', message });
  }
  return findings;
}

/** The multi-call program that a path is a name of, unless it is the program's own. */
function programNamed(bound: BoundRuleSet, path: string): MultiCallProgram | undefined {
  const { programs } = bound;
  const forms = formsOf(bound, path);
  if (forms.some((form) => programs.byTarget.has(form))) return undefined;
  return [...new Set(programs.byTarget.values())].find(({ names }) =>
    names.get(lastComponent(path))?.some((name) => forms.includes(name)),
  );
}

function show({ targets }: MultiCallProgram): string {
  return [...targets].join(', ');
}
