import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createTree } from './create-tree.js';

const silent = { print: () => true, note: () => undefined, complain: () => undefined };

function leaves(command: Command, parents = ''): readonly (readonly [string, Command])[] {
  const path = `${parents}${command.name()}`;
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((each) => leaves(each, `${path} `));
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

describe('createTree', () => {
  for (const [path, command] of leaves(createTree({ output: silent, invoke: () => Promise.resolve() }))) {
    it(`has help with examples for ${path}`, () => {
      expect(command.description()).not.toBe('');
      expect(helpOf(command)).toMatch(new RegExp(`Examples:\\n(?:  .*\\n)*  .*${path}`));
    });

    it(`says of every option of ${path} what it does`, () => {
      if (path === 'karmor run') return;
      for (const { flags, description } of command.options) expect(description, flags).not.toBe('');
    });
  }
});
