import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestkitError } from '../errors.js';
import { parseCorpus } from './load-corpus.js';

const word = fc.constantFrom('group', 'about', 'cases', 'root', 'operation', 'do', 'exec', '/a', '[', '{', ': ', '- ', '\n', '  ');

describe('parseCorpus', () => {
  it('reads any text or refuses it, and says where', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(word).map((words) => words.join(''))), (text) => {
        try {
          parseCorpus(text, 'file.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(TestkitError);
          expect(String(error)).toMatch(/file\.yaml:\d+: /);
        }
      }),
    );
  });
});
