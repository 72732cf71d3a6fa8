import type { CompletionNode, CompletionValue } from './completion-node.js';

/** What makes zsh complete: a file `_karmor` in its `fpath`. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.slice(1).map(({ path }) => `'${path}'`);
  return `#compdef karmor
_karmor() {
  local at=karmor i
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      (${paths.join(' | ')}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT - 1]}" in
${nodes.flatMap(valueCases).join('')}  esac
  case "$at" in
${nodes.map(nodeCase).join('')}  esac
}
if [ "$funcstack[1]" = _karmor ]; then _karmor "$@"; else compdef _karmor karmor; fi
`;
}

function valueCases({ path, options }: CompletionNode): readonly string[] {
  return options.flatMap(({ long, short, value }) => {
    if (value === undefined) return [];
    const names = [long, short].filter((name) => name !== undefined).map((name) => `'${path} ${name}'`);
    return [`    (${names.join(' | ')}) ${offers(value)}; return ;;\n`];
  });
}

function nodeCase({ path, commands, options, argument }: CompletionNode): string {
  const entries = [
    ...commands.map(({ word, description }) => quoted(word, description)),
    ...options.map(({ long, description }) => quoted(long, description)),
  ];
  const described = `entries=(${entries.join(' ')}); _describe ${commands.length > 0 ? 'command' : 'option'} entries`;
  const files = argument === undefined ? '' : `; ${offers(argument)}`;
  return `    ('${path}') ${described}${files} ;;\n`;
}

function offers({ words, isFile }: CompletionValue): string {
  const parts = [
    ...(words.length === 0 ? [] : [`compadd ${words.join(' ')}`]),
    ...(isFile ? ['_files'] : []),
  ];
  return parts.length === 0 ? '_message value' : parts.join('; ');
}

/** Colons part a word from its description. */
function quoted(word: string, description: string): string {
  return `'${word}:${description.replaceAll("'", '’')}'`;
}
