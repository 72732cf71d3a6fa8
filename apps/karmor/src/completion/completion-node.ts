import type { Argument, Command, Option } from 'commander';

/** A command as completion sees it. */
export interface CompletionNode {
  /** From the program's name on: `karmor vm policy add`. */
  readonly path: string;
  readonly commands: readonly CompletionWord[];
  readonly options: readonly CompletionOption[];
  /** What its arguments may be. */
  readonly argument: CompletionValue | undefined;
}

/** A word with what it means. */
export interface CompletionWord {
  readonly word: string;
  readonly description: string;
}

/** An option in all its spellings. */
export interface CompletionOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** Undefined where it takes none. */
  readonly value: CompletionValue | undefined;
}

/** What may stand somewhere: words, files, or what nobody can guess. */
export interface CompletionValue {
  readonly words: readonly string[];
  readonly isFile: boolean;
}

/** Every command of a tree, the program first. */
export function describeTree(command: Command, parents = ''): readonly CompletionNode[] {
  const path = `${parents}${command.name()}`;
  const node: CompletionNode = {
    path,
    commands: command.commands.map((each) => ({ word: each.name(), description: each.description() })),
    options: [...command.options.filter(({ hidden }) => !hidden).map(describeOption), HELP],
    argument: describeArgument(command.registeredArguments[0]),
  };
  return [node, ...command.commands.flatMap((each) => describeTree(each, `${path} `))];
}

const HELP: CompletionOption = { long: '--help', short: '-h', description: 'display help', value: undefined };

const NO_VALUE: CompletionValue = { words: [], isFile: false };

function describeOption({ long, short, flags, description }: Option): CompletionOption {
  const [, placeholder] = /[<[](.*)[>\]]/.exec(flags) ?? [];
  return {
    long: long ?? flags,
    short,
    description,
    value: placeholder === undefined ? undefined : valueOf(placeholder),
  };
}

function describeArgument(argument: Argument | undefined): CompletionValue | undefined {
  if (argument === undefined) return undefined;
  if (argument.argChoices !== undefined) return { words: argument.argChoices, isFile: false };
  return valueOf(argument.name());
}

/** Placeholders say it: `<file>`, or `<path|stdout|none>`. */
function valueOf(placeholder: string): CompletionValue {
  const parts = placeholder.replace(/\.\.\.$/, '').split('|');
  const isFile = parts.some((part) => FILES.has(part));
  if (parts.length === 1) return isFile ? { words: [], isFile } : NO_VALUE;
  return { words: parts.filter((part) => !FILES.has(part)), isFile };
}

const FILES: ReadonlySet<string> = new Set(['file', 'dir', 'path', 'command']);
