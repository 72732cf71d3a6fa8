import type { CompletionNode, CompletionOption, CompletionValue } from './completion-node.js';

/** What makes fish complete. */
export function fishScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.slice(1).map(({ path }) => `'${path}'`);
  return `# fish completion of karmor: ~/.config/fish/completions/karmor.fish
function __karmor_at
    set -l at karmor
    for word in (commandline -opc)[2..-1]
        if contains -- "$at $word" ${paths.join(' ')}
            set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c karmor -f
${nodes.flatMap(nodeLines).join('\n')}
`;
}

function nodeLines({ path, commands, options, argument }: CompletionNode): readonly string[] {
  const start = `complete -c karmor -n "__karmor_at '${path}'"`;
  return [
    ...commands.map(({ word, description }) => `${start} -a ${word} -d ${quoted(description)}`),
    ...(argument === undefined ? [] : [`${start}${offers(argument)}`]),
    ...options.map((option) => `${start}${optionFlags(option)} -d ${quoted(option.description)}`),
  ];
}

function optionFlags({ long, short, value }: CompletionOption): string {
  const names = ` -l ${long.replace(/^--/, '')}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  // Exclusive where no file is wanted: fish would offer files otherwise.
  return value === undefined ? names : `${names} ${value.isFile ? '-r' : '-x'}${offers(value)}`;
}

function offers({ words, isFile }: CompletionValue): string {
  return `${isFile ? ' -F' : ''}${words.length === 0 ? '' : ` -a '${words.join(' ')}'`}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
