import { describe, expect, it } from 'vitest';
import { createTree } from './command-tree.js';

/** Started by other parts, by nobody else. */
const INTERNAL = ['keeper', 'answerer'];

describe('createTree', () => {
  for (const command of createTree(() => Promise.resolve()).commands) {
    it(`says of ${command.name()} what it does, with examples, and so of its options`, () => {
      let help = '';
      command.configureOutput({ writeOut: (part) => (help += part) }).outputHelp();
      expect(command.description()).not.toBe('');
      for (const { flags, description } of command.options) expect(description, flags).not.toBe('');
      if (!INTERNAL.includes(command.name())) {
        expect(help).toMatch(new RegExp(`Examples:\\n(?:  .*\\n)*  .*kubearmor ${command.name()}`));
      }
    });
  }
});
