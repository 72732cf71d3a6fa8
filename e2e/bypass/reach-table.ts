import type { Attempt, AttemptGroup } from './attempt.ts';

const TITLES: Readonly<Record<string, string>> = {
  exec: 'Executing a blocked program',
  'allow-lists': 'Getting past a list of what is allowed',
  arguments: 'Arguments, and programs of many names',
  sources: 'Being taken for another program',
  files: 'Reading a blocked file',
  writes: 'Writing where only reading is allowed',
  sockets: 'Using a blocked protocol',
};

/** The page of the documentation that says how far the guard carries, from the attempts against it. */
export function reachTable(groups: readonly AttemptGroup[]): string {
  const byFile = Map.groupBy(groups, ({ file }) => file);
  const attempts = groups.flatMap((group) => group.attempts);
  const inside = attempts.filter(({ reach }) => reach === 'inside');
  return [
    ...[
      '# How far the guard carries',
      '',
      '<!-- Generated from corpus/bypass by e2e/bypass/write-reach.ts. Do not edit. -->',
      '',
      'The guard is the enforcer for kernels on which LSM programs cannot be loaded. These are attempts to get around it',
      'from inside a scope. `make test` runs each of them twice: without the policy, where it must work, and with it.',
      '',
      `Of ${attempts.length} attempts ${inside.length} are stopped. The others work, for the reason given; where it says _told_, there is an alert`,
      'with the action `Audit (Block)`. Those about changes of names and attributes, memory files, tracing and other socket',
      'families are stopped by `karmor run --confine`.',
      '',
    ],
    ...[...byFile].flatMap(([file, all]) => section(TITLES[file] ?? file, all)),
  ].join('\n');
}

function section(title: string, groups: readonly AttemptGroup[]): readonly string[] {
  const rows = groups.flatMap((group) => group.attempts).map(row);
  return [`## ${title}`, '', '| attempt | how | what comes of it |', '|---|---|---|', ...rows, ''];
}

function row(attempt: Attempt): string {
  return `| \`${attempt.name}\` | ${cell(attempt.about)} | ${cell(outcome(attempt))} |`;
}

function outcome({ reach, by, told, reason }: Attempt): string {
  if (reach === 'inside') return by === 'guard' ? 'stopped, with an alert' : 'stopped: no scope can do that';
  return `**works**${told === 'Audit (Block)' ? ', _told_' : ''}: ${reason ?? ''}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
