import type { CompletionNode, CompletionValue } from './completion-node.js';

/** What makes bash complete. */
export function bashScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.slice(1).map(({ path }) => `'${path}'`);
  return `# bash completion of karmor: source it
_karmor() {
  local at=karmor words= files= option= i
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${paths.join(' | ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${nodes.flatMap(valueCases).join('')}    *)
      case "$at" in
${nodes.map(nodeCase).join('')}      esac
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  if [ -n "$files" ]; then
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
    compopt -o filenames
  fi
}
complete -F _karmor karmor
`;
}

function valueCases({ path, options }: CompletionNode): readonly string[] {
  return options.flatMap(({ long, short, value }) => {
    if (value === undefined) return [];
    const names = [long, short].filter((name) => name !== undefined).map((name) => `'${path} ${name}'`);
    return [`    ${names.join(' | ')}) ${assignments(value.words, value)} ;;\n`];
  });
}

function nodeCase({ path, commands, options, argument }: CompletionNode): string {
  const words = [
    ...commands.map(({ word }) => word),
    ...(argument?.words ?? []),
    ...options.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short])),
  ];
  return `        '${path}') ${assignments(words, argument)} ;;\n`;
}

function assignments(words: readonly string[], value: CompletionValue | undefined): string {
  return `words='${words.join(' ')}'${value?.isFile === true ? ' files=1' : ''}`;
}
